// Swagger UI over the mock. Each request carries what the mock takes, logged in anew.
"use strict";

const presented = async () => (await fetch("/.gridwright/present")).json();

async function withAccess(request) {
  const address = new URL(request.url, location.href);
  if (address.origin !== location.origin || address.pathname.startsWith("/.gridwright/")) {
    return request;
  }
  for (const { place, name, value } of await presented()) {
    if (place === "header") request.headers[name] = value;
    if (place === "query") address.searchParams.set(name, value);
  }
  request.url = address.href;
  return request;
}

const ui = SwaggerUIBundle({
  url: "/.gridwright/documents/openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  tryItOutEnabled: true,
  validatorUrl: null,
  docExpansion: "list",
  requestInterceptor: withAccess,
  onComplete: async () => {
    const schemes = ui.specSelectors.securityDefinitions()?.toJS() ?? {};
    for (const { place, name, value } of await presented()) {
      const found = Object.entries(schemes).find(([, s]) => s.in === place && s.name === name);
      if (found) ui.preauthorizeApiKey(found[0], value);
    }
    document.body.dataset.isReady = "yes";
  },
});
