// What Temporal takes the days of zones for; reads cases from a file, and writes JSON.
"use strict";
const fs = require("fs");
const [packages, cases] = process.argv.slice(2);
const { Temporal } = require(`${packages}/temporal-polyfill`);

const text = (zoned) => zoned.toInstant().toString({ smallestUnit: "second" });

function judged({ zone, day, minutes }) {
  const date = Temporal.PlainDate.from(day);
  const start = date.toZonedDateTime(zone);
  const end = date.add({ days: 1 }).toZonedDateTime(zone);
  const edges = [];
  for (let at = start; Temporal.ZonedDateTime.compare(at, end) < 0; at = at.add({ minutes })) {
    edges.push(text(at));
  }
  const times = [];
  for (let number = 0; number * minutes <= 1440; number++) {
    const wall = date.toPlainDateTime().add({ minutes: number * minutes });
    const found = ["earlier", "later"].map((disambiguation) =>
      wall.toZonedDateTime(zone, { disambiguation }),
    );
    const shown = found.filter((one) => one.toPlainDateTime().equals(wall)).map(text);
    times.push([...new Set(shown)].sort());
  }
  return { edges: [...edges, text(end)], times };
}

const all = JSON.parse(fs.readFileSync(cases, "utf8")).map(judged);
process.stdout.write(JSON.stringify(all));
