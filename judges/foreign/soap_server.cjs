// Serve every SOAP operation of a WSDL with Node's soap: FOLDER_WITH_PACKAGES WSDL SHEET.
// Prints its address, and then a line for each request: the operation and what the server read.
// Node's soap takes no multipart requests; the first part is handed to it, as a gateway would.
"use strict";
const fs = require("fs");
const http = require("http");
const path = require("path");
const [packages, wsdl, sheet] = process.argv.slice(2);
const soap = require(path.join(packages, "soap"));

const { calls } = JSON.parse(fs.readFileSync(sheet, "utf8"));
const services = {};
for (const call of calls) {
  const handle = (body, _callback, header) => {
    console.log(`${call.name} ${JSON.stringify({ body, header })}`);
    return call.reply;
  };
  services[call.service] = {
    [`${call.service}Port`]: { [call.name]: handle },
    [`${call.service}MimePort`]: { [call.name]: handle },
  };
}

function parts(contentType, body, done) {
  const found = [];
  import("file://" + path.join(packages, "formidable/src/index.js")).then(({ MultipartParser }) => {
    const boundary = /boundary="?([^";]+)"?/.exec(contentType)[1];
    const parser = new MultipartParser();
    parser.initWithBoundary(boundary);
    parser.on("data", ({ name, buffer, start, end }) => {
      if (name === "partBegin") found.push([]);
      if (name === "partData") found[found.length - 1].push(Buffer.from(buffer.slice(start, end)));
    });
    parser.on("finish", () => done(found.map((pieces) => Buffer.concat(pieces))));
    parser.end(body);
  });
}

const server = http.createServer((request, response) => response.writeHead(404).end());
server.listen(0, "127.0.0.1", () => {
  const xml = fs.readFileSync(wsdl, "utf8");
  const pending = calls.map(
    (call) =>
      new Promise((resolve) => {
        soap.listen(server, { path: call.path, services, xml, uri: wsdl, callback: resolve });
      })
  );
  Promise.all(pending).then(() => {
    const listeners = server.listeners("request").slice();
    server.removeAllListeners("request");
    server.on("request", (request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const type = request.headers["content-type"] || "";
        const pass = (body) => {
          request.body = body;
          request.headers["content-type"] = "text/xml; charset=utf-8";
          for (const listener of listeners) listener.call(server, request, response);
        };
        if (!type.startsWith("multipart/")) return pass(Buffer.concat(chunks));
        return parts(type, Buffer.concat(chunks), (found) => {
          console.log(`# ${found.length} parts`);
          pass(found[0]);
        });
      });
    });
    console.log(`http://127.0.0.1:${server.address().port}`);
  });
});
