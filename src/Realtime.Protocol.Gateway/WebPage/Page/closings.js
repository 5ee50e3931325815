"use strict";
// What each close code means for who speaks, and what the page does about it: the table of the protocol. What is not in it is a line that broke, or a door that stayed closed.
const closings = {
  1000: { says: "The call is over." },
  1008: { says: "The gateway did not understand this page. Load it again." },
  1009: { says: "The gateway did not understand this page. Load it again." },
  1011: { says: "The application failed.", again: "later" },
  1012: { says: "The call moves to another gateway.", again: "now" },
  1013: { says: "The model can't be reached.", again: "later" },
  4001: { says: "The call was taken up somewhere else." },
  4002: { says: "The sound did not get through.", again: "later" },
  4003: { says: "The service refused the call." },
  4004: { says: "The connection to the model was lost.", again: "later" },
  4005: { says: "The call has reached the longest time that one may take." },
};

const closingOf = code => closings[code] || { says: "The line broke.", again: "later" };

// Up to 50 ms before the first attempt; then a quarter of a second, and twice as long each time, up to ten seconds, give or take a quarter: no two pages at the same moment.
const waitBefore = (attempt, random) => Math.round(attempt === 0 ? 50 * random : Math.min(10000, 125 * 2 ** attempt) * (0.75 + random / 2));
