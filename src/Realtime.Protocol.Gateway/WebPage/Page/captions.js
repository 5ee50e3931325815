"use strict";
// Who said what, in order. Its law: what was said becomes text, never markup; a question stands above its answer, though its words may come later.
// `wasAsked` says of a turn whether somebody spoke before it; its sound, its words and the words that asked for it come in any order.
const makeCaptions = (list, scrolled, wasAsked) => {
  const who = { caller: "You", model: "Model" };
  let entries = new Map(); // of this line: its numbers are its own

  const add = (side, key, before) => {
    const words = document.createElement("p");
    const note = document.createElement("small");
    const name = document.createElement("b");
    name.textContent = who[side];
    const row = document.createElement("li");
    row.className = side;
    row.append(name, words, note);
    list.insertBefore(row, before);
    const entry = { row, words, note, waits: false };
    entries.set(key, entry);
    return entry;
  };

  const keepSight = change => {
    const follows = scrolled.scrollHeight - scrolled.scrollTop - scrolled.clientHeight < 60;
    const result = change();
    if (follows) scrolled.scrollTop = scrolled.scrollHeight;
    return result;
  };

  const turnOf = number => {
    const known = entries.get(`turn ${number}`);
    if (known) return known;
    const hasQuestion = list.lastElementChild?.classList.contains("caller");
    const entry = add("model", `turn ${number}`, null);
    entry.waits = wasAsked(number) && !hasQuestion;
    return entry;
  };

  const utteranceOf = number => {
    const known = entries.get(`utterance ${number}`);
    if (known) return known;
    const answer = [...entries.values()].find(entry => entry.waits);
    if (answer) answer.waits = false;
    return add("caller", `utterance ${number}`, answer ? answer.row : null);
  };

  return {
    turn: number => keepSight(() => turnOf(number)),
    piece: ({ side, utterance, turn, text, final }) => keepSight(() => {
      const entry = side === "caller" ? utteranceOf(utterance) : turnOf(turn);
      if (side === "caller" && final) entry.words.textContent = text;
      else entry.words.append(text);
      entry.row.classList.toggle("final", final);
    }),
    note: (turn, text) => keepSight(() => {
      const { note } = turnOf(turn);
      note.textContent += note.textContent ? `, ${text}` : text;
    }),
    cut: turn => keepSight(() => turnOf(turn).row.classList.add("cut")),
    // The numbers of another line begin anew.
    line: text => keepSight(() => {
      entries = new Map();
      if (!text) return;
      const row = document.createElement("li");
      row.className = "line";
      row.textContent = text;
      list.append(row);
    }),
    clear: () => {
      entries = new Map();
      list.replaceChildren();
    },
  };
};
