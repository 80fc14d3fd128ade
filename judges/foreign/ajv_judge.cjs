// Judge JSON messages by our JSON Schemas: FOLDER_WITH_PACKAGES FILE.
// The file holds a list of {name, schema, instance}; every finding is one line of the output.
"use strict";
const fs = require("fs");
const path = require("path");
const Ajv = require(path.join(process.argv[2], "ajv/dist/2020")).default;

// A record's own required fields may be described beside it, in a form of a reply. Of a step below 1
// no binary fraction is a whole multiple: ajv's issue 84, for which it has multipleOfPrecision.
const options = { strict: true, strictRequired: false, allErrors: true, multipleOfPrecision: 6 };
const ajv = new Ajv(options);
const validators = new Map();
for (const { name, schema, instance } of JSON.parse(fs.readFileSync(process.argv[3], "utf8"))) {
  if (!validators.has(schema)) {
    validators.set(schema, ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8"))));
  }
  const validate = validators.get(schema);
  if (!validate(JSON.parse(instance))) {
    const said = validate.errors.map((e) => `${e.instancePath || "/"} ${e.message}`);
    console.log(`${name}: ${[...new Set(said)].slice(0, 5).join("; ")}`);
  }
}
