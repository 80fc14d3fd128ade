// Call every SOAP operation with Node's soap, as multipart with a part that is attached:
// FOLDER_WITH_PACKAGES WSDL SHEET ROOT. One line for each operation: its name, ok, or what was wrong.
"use strict";
const fs = require("fs");
const path = require("path");
const [packages, wsdl, sheet, root] = process.argv.slice(2);
const soap = require(path.join(packages, "soap"));

async function called(call, namespace, block) {
  const client = await soap.createClientAsync(wsdl, {}, root + call.path);
  client.addSoapHeader({ [block]: call.header }, "", "tns", namespace);
  const port = client[call.service][`${call.service}Port`];
  const options = {};
  if (call.attaches) {
    const body = Buffer.from("invented");
    options.attachments = [{ mimetype: "image/png", contentId: "photo", name: "photo.png", body }];
  } else {
    options.forceMTOM = true;
  }
  return new Promise((resolve, reject) => {
    port[call.name](
      call.body,
      (error, result) => (error ? reject(error) : resolve(result)),
      options
    );
  });
}

async function main() {
  const { namespace, block, calls } = JSON.parse(fs.readFileSync(sheet, "utf8"));
  for (const call of calls) {
    let said;
    try {
      const reply = await called(call, namespace, block);
      said = reply && typeof reply === "object" ? `ok ${Object.keys(reply).join(",")}` : "no reply";
    } catch (error) {
      said = String(error.message || error).replace(/\s+/g, " ").slice(0, 300);
    }
    console.log(`${call.name} ${said}`);
  }
}

main();
