"use strict";
// Draws the picture. Its law: what comes from a log becomes text or a number, never markup; everything on the time line is in a table too.
(() => {
  const picture = JSON.parse(document.getElementById("picture").textContent);
  const page = document.getElementById("page");
  const lanes = picture.lanes;
  const several = lanes.length > 1;
  const hasTimes = lanes.every(lane => lane.clock === "ms");
  const end = Math.max(1, ...lanes.map(lane => lane.end));

  // ---- elements ----
  const fill = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ""));
    return element;
  };
  const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

  // ---- words ----
  const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const count = (number, one, many) => `${whole.format(number)} ${number === 1 ? one : many}`;
  const span = ms => ms === null || ms === undefined ? "" : ms < 1000 ? `${whole.format(ms)} ms` : ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : `${whole.format(Math.floor(ms / 60000))} min ${Math.floor(ms % 60000 / 1000)} s`;
  const place = (lane, at, digits = 1) => {
    if (lane.clock !== "ms") return `event ${whole.format(at)}`;
    if (end < 60000) return `${(at / 1000).toFixed(digits)} s`;
    const seconds = (at % 60000 / 1000).toFixed(digits);
    return `${Math.floor(at / 60000)}:${seconds.padStart(digits ? 3 + digits : 2, "0")}`;
  };
  const sum = (list, value) => list.reduce((all, one) => all + (value(one) || 0), 0);
  const digits = sum(lanes, lane => lane.cost) < 0.01 ? 6 : 4;
  const money = cost => cost === null || cost === undefined ? "" : cost.toFixed(digits);
  const tokens = part => part.text + part.audio + part.image;
  const outcomes = { completed: "answered", cancelled: "interrupted", incomplete: "stopped early", failed: "failed", unanswered: "no answer", in_progress: "no end in the log" };
  const begins = { speech: "speaks", text: "writes", model: "the model begins" };
  const kinds = { error: "error of the server", response_failed: "response failed", transcription_failed: "not transcribed", malformed: "malformed event", defect: "defect of the simulator", no_event: "a line that is no event" };
  const marks = { opened: "connected", renewed: "connected again", closed: "disconnected" };
  const heard = cut => cut.heard_ms === null ? (cut.sound_ms === null ? "nobody knows how much was heard" : `of ${span(cut.sound_ms)}, nobody knows how much was heard`)
    : `${cut.heard_from === "estimated" ? "about " : ""}${span(cut.heard_ms)}${cut.sound_ms === null ? "" : ` of ${span(cut.sound_ms)}`} heard`;
  const by = cut => cut.by === "client" ? "by the client" : "by the user's speech";

  // ---- everything that can be looked at, in one list ----
  const items = [];
  lanes.forEach((lane, index) => {
    const prefix = index === 0 ? "" : `${index + 1}-`;
    const add = (kind, number, begin, till, label, facts) => items.push({ id: `${prefix}${kind}-${number}`, kind, lane: index, begin, end: till, label, facts: facts.filter(fact => fact[1] !== "" && fact[1] !== null && fact[1] !== undefined) });
    for (const turn of lane.turns) {
      add("turn", turn.number, turn.begin, Math.max(turn.end, turn.begin), `Turn ${turn.number}`, [["user", begins[turn.by]], ["begins", place(lane, turn.begin)],
        ["user done", turn.user_done === null ? "" : place(lane, turn.user_done)], ["first sound after", span(turn.wait_ms)], ["outcome", outcomes[turn.outcome] || turn.outcome], ["tokens", turn.tokens_in === null ? "" : `${whole.format(turn.tokens_in)} in, ${whole.format(turn.tokens_out)} out`], ["cost", money(turn.cost)],
        ["user said", turn.user_words], ["model said", turn.responses.map(response => response.words || "").join(" ").trim()]]);
    }
    lane.speech.forEach((speech, number) => add(speech.who, number + 1, speech.begin, speech.end, speech.who === "user" ? "User speaks" : "Model speaks", [["from", place(lane, speech.begin)], ["to", place(lane, speech.end)],
      ["length", lane.clock === "ms" ? span(speech.sound_ms === null ? speech.end - speech.begin : speech.sound_ms) : ""], ["heard", speech.heard_ms === null ? "" : span(speech.heard_ms)], ["turn", speech.turn || ""]]));
    lane.tools.forEach((tool, number) => add("tool", number + 1, tool.begin, tool.end === null ? tool.begin : tool.end, `Tool ${tool.name}`, [["called", place(lane, tool.begin)], ["took", span(tool.duration_ms)], ["outcome", tool.outcome === "open" ? "no output" : tool.outcome], ["turn", tool.turn], ["arguments", tool.arguments], ["output", tool.output]]));
    lane.interruptions.forEach((cut, number) => add("interruption", number + 1, cut.at, cut.at, "Interruption", [["at", place(lane, cut.at)], ["turn", cut.turn], ["cut off", by(cut)], ["", heard(cut)]]));
    lane.violations.forEach((broken, number) => add("violation", number + 1, broken.at, broken.at, `Rule ${broken.rule}`, [["at", place(lane, broken.at)], ["line", broken.line || ""], ["level", broken.level], ["", `${broken.says} ${broken.instead}`]]));
    lane.problems.forEach((problem, number) => add("problem", number + 1, problem.at, problem.at, kinds[problem.kind] || problem.kind, [["at", place(lane, problem.at)], ["line", problem.line || ""], ["", problem.name], ["about", problem.parameter], ["", problem.message]]));
    lane.connections.forEach((mark, number) => add("connection", number + 1, mark.at, mark.at, `Session ${marks[mark.kind]}`, [["at", place(lane, mark.at)], ["", mark.name], ["code", mark.code]]));
  });
  items.sort((left, right) => left.lane - right.lane || left.begin - right.begin);
  const byId = new Map(items.map(item => [item.id, item]));

  // ---- the time line ----
  const rowHeights = { turns: 22, user: 42, model: 48, tools: 24, marks: 24 };
  const rowNames = { turns: "Turn", user: "User", model: "Model", tools: "Tools", marks: "Events" };
  const axisHeight = 24;
  let height = axisHeight;
  const rows = lanes.map((lane, index) => {
    const row = { lane: index, top: height };
    if (several) height += 22;
    for (const name of Object.keys(rowHeights)) {
      const isThere = name === "turns" ? lane.turns.length : name === "tools" ? lane.tools.length : name === "marks" ? lane.interruptions.length + lane.violations.length + lane.problems.length + lane.connections.length : true;
      if (isThere) {
        row[name] = height;
        height += rowHeights[name];
      }
    }
    row.bottom = height;
    height += several ? 10 : 0;
    return row;
  });

  // Room for a mark at either end.
  const margin = 9;
  let zoom = 1;
  let current = 0;
  let frame = 0;
  const canvas = svg("svg", { class: "canvas", height, role: "group", "aria-label": "Time line" });
  const spacer = html("div", { class: "spacer" }, canvas);
  const scroll = html("div", { class: "scroll" }, spacer);
  const facts = html("dl", { class: "facts", id: "facts", "aria-live": "polite" });
  const width = () => Math.max(200, scroll.clientWidth || 1000);
  const most = () => Math.max(1, end / (hasTimes ? 500 : 5));
  const scale = () => (width() - 2 * margin) * zoom / end;

  const show = item => {
    facts.replaceChildren(html("div", { class: `fact kind ${item.kind}` }, html("dt", { class: "hidden" }, "What"), html("dd", {}, html("a", { href: `#${item.id}` }, item.label))),
      ...item.facts.map(([name, value]) => html("div", { class: "fact" }, html("dt", { class: name ? null : "hidden" }, name || "What"), html("dd", {}, String(value)))));
  };
  const invite = () => facts.replaceChildren(html("div", { class: "fact" }, html("dt", { class: "hidden" }, "Help"), html("dd", { class: "quiet" }, "Point at something, or go through it with ← and →. + and − zoom.")));

  const steps = hasTimes ? [100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, 1200000, 3600000] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000];

  const drawStrip = (into, strip, from, to, x, middle, tall, classOf) => {
    if (!strip.bars) return;
    const paths = {};
    const pitch = 3;
    const ratio = scale();
    const first = Math.floor(x(from) / pitch);
    const last = Math.ceil(x(to) / pitch);
    for (let column = Math.max(0, first); column <= last; column++) {
      const begin = from + (column * pitch - x(from)) / ratio;
      const low = Math.floor(begin / strip.bar_ms);
      const high = Math.max(low + 1, Math.floor((begin + pitch / ratio) / strip.bar_ms));
      let level = 0;
      for (let bar = Math.max(0, low); bar < high && bar < strip.bars.length; bar++) level = Math.max(level, parseInt(strip.bars[bar], 36));
      if (level === 0) continue;
      const half = Math.max(0.5, level / 35 * tall / 2);
      const kind = classOf(begin);
      if (kind) paths[kind] = `${paths[kind] || ""}M${column * pitch + 1} ${(middle - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
    }
    for (const [kind, path] of Object.entries(paths)) into.append(svg("path", { class: `wave ${kind}`, d: path }));
  };

  const draw = () => {
    frame = 0;
    const hadFocus = canvas.contains(document.activeElement);
    const ratio = scale();
    const left = scroll.scrollLeft / ratio;
    const shown = width();
    const from = left;
    const to = Math.min(end, left + shown / ratio);
    const x = at => (at - left) * ratio + margin;
    canvas.setAttribute("width", shown);
    canvas.setAttribute("viewBox", `0 0 ${shown} ${height}`);
    canvas.replaceChildren(svg("defs", {}, svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, class: "hatch" }))));

    const step = steps.find(size => size * ratio >= 84) || steps[steps.length - 1];
    for (let at = Math.ceil(from / step) * step; at <= to + 0.001; at += step) {
      canvas.append(svg("line", { class: "grid", x1: x(at), x2: x(at), y1: axisHeight - 4, y2: height }));
      canvas.append(svg("text", { class: "tick", x: x(at) + 4, y: 13 }, hasTimes ? place(lanes[0], at, step < 1000 ? 1 : 0) : whole.format(at)));
    }

    rows.forEach((row, index) => {
      const lane = lanes[index];
      if (several) canvas.append(svg("text", { class: "lane", x: 0, y: row.top + 16 }, lane.name));
      for (const name of ["user", "model"]) canvas.append(svg("line", { class: "base", x1: 0, x2: x(Math.min(to, lane.end)), y1: row[name] + rowHeights[name] / 2 + (name === "model" ? 5 : 0), y2: row[name] + rowHeights[name] / 2 + (name === "model" ? 5 : 0) }));
      // Where much stands in little room, lines and labels would hide what they are about.
      const within = list => list.reduce((all, one) => all + (one.begin >= from && one.begin <= to ? 1 : 0), 0);
      const room = { turns: shown / Math.max(1, within(lane.turns)), tools: shown / Math.max(1, within(lane.tools)) };
      const free = { turns: -100, waits: -100, tools: -100, marks: -100 };
      const pixels = {};
      for (let place_ = 0; place_ < items.length; place_++) {
        const item = items[place_];
        if (item.lane !== index) continue;
        // What has the focus stays, also out of sight.
        if (place_ !== current && (item.end < from - 40 / ratio || item.begin > to)) continue;
        const x1 = x(item.begin);
        const pixel = `${item.kind}${Math.round(x1 / 2)}`;
        const isSmall = (item.end - item.begin) * ratio < 2;
        if (isSmall && pixels[pixel] && place_ !== current) continue;
        pixels[pixel] = true;
        const group = drawItem(item, row, lane, x, x1, free, shown, room);
        if (group) {
          fill(group, { class: `item ${item.kind}`, role: "button", tabindex: place_ === current ? 0 : -1, "data-place": place_, "aria-label": `${item.label}: ${item.facts.map(fact => fact.join(" ").trim()).join(", ")}` }, []);
          canvas.append(group);
        }
      }

      const model = lane.speech.filter(speech => speech.who === "model" && speech.end > from && speech.begin < to);
      const user = lane.speech.filter(speech => speech.who === "user" && speech.end > from && speech.begin < to);
      const levels = lane.user_sound.kind === "levels";
      const tone = (list, at) => {
        const inside = list.filter(speech => at >= speech.begin && at < speech.end);
        return inside.length === 0 ? "" : inside.some(speech => speech.heard_until === null || at < speech.heard_until) ? "loud" : "lost";
      };
      drawStrip(canvas, lane.user_sound, from, to, x, levels ? row.user + 21 : row.user + 38, levels ? 26 : 6, at => levels ? (tone(user, at) ? "user loud" : "user") : "user bytes");
      const modelLevels = lane.model_sound.kind === "levels";
      drawStrip(canvas, lane.model_sound, from, to, x, modelLevels ? row.model + 29 : row.model + 45, modelLevels ? 26 : 5, at => modelLevels ? `model ${tone(model, at)}` : "model bytes");
    });

    if (hadFocus) canvas.querySelector(`[data-place="${current}"]`)?.focus({ preventScroll: true });
  };

  // Under loudness the speech is pale.
  const look = strip => strip.kind === "levels" && strip.bars ? "levels" : "bytes";

  const drawItem = (item, row, lane, x, x1, free, shown, room) => {
    const wide = Math.max(2, x(item.end) - x1);
    const number = Number(item.id.slice(item.id.lastIndexOf("-") + 1)) - 1;
    const group = svg("g", {});
    switch (item.kind) {
      case "turn": {
        const turn = lane.turns[number];
        if (room.turns > 9) group.append(svg("line", { class: "edge", x1, x2: x1, y1: row.turns + 4, y2: row.bottom }));
        if (x1 - free.turns > 10 + 9 * String(turn.number).length) {
          group.append(svg("rect", { class: "hit", x: x1, y: row.turns, width: 24, height: 20 }), svg("text", { class: "number", x: x1 + 5, y: row.turns + 14 }, String(turn.number)));
          free.turns = x1;
        }
        if (turn.wait_ms !== null) {
          const done = x(turn.user_done);
          const sound = x(turn.first_sound === null ? turn.first_words : turn.first_sound);
          if (room.turns > 9) group.append(svg("path", { class: "wait", d: `M${done} ${row.model + 25}v8M${done} ${row.model + 29}H${sound}` }));
          const label = span(turn.wait_ms);
          if (room.turns > 40 && sound - free.waits > label.length * 6.4 + 8) {
            group.append(svg("text", { class: "waiting", x: sound, y: row.model + 11 }, label));
            free.waits = sound;
          }
        }
        return group;
      }
      case "user":
        group.append(svg("rect", { class: `speech ${look(lane.user_sound)}`, x: x1, y: row.user + 6, width: wide, height: 30, rx: 4 }));
        return group;
      case "model": {
        const speech = lane.speech[number];
        const next = lane.speech.find(other => other.who === "model" && other.begin > speech.begin);
        const until = speech.heard_until === null ? speech.end : speech.heard_until;
        const till = speech.heard_until === null ? speech.end : Math.max(until, Math.min(speech.end, next ? next.begin : speech.end));
        group.append(svg("rect", { class: `speech ${look(lane.model_sound)}`, x: x1, y: row.model + 15, width: Math.max(2, x(until) - x1), height: 28, rx: 4 }));
        if (till > until) group.append(svg("rect", { class: "unheard", x: x(until), y: row.model + 15, width: x(till) - x(until), height: 28, rx: 4 }));
        if (speech.heard_until !== null) group.append(svg("line", { class: room.turns > 9 ? "cut" : "cut thin", x1: x(until), x2: x(until), y1: row.model + 12, y2: row.model + 46 }));
        return group;
      }
      case "tool": {
        const tool = lane.tools[number];
        group.append(svg("rect", { class: `tool ${tool.outcome}`, x: x1, y: row.tools + 4, width: Math.max(4, wide), height: 16, rx: 3 }));
        const label = tool.name.length > 28 ? `${tool.name.slice(0, 27)}…` : tool.name;
        if (room.tools > 60 && x1 > free.tools && x1 < shown) {
          group.append(svg("text", { class: "name", x: x1 + Math.max(4, wide) + 5, y: row.tools + 16 }, label));
          free.tools = x1 + Math.max(4, wide) + 12 + label.length * 7;
        }
        return group;
      }
      default: {
        const middle = row.marks + 12;
        // Two at one place stand side by side.
        const beside = free.marks + 15;
        x1 = beside > x1 && beside - x1 < 50 ? beside : x1;
        free.marks = x1;
        group.append(svg("rect", { class: "hit", x: x1 - 9, y: row.marks, width: 18, height: 24 }));
        const shape = { interruption: `M${x1} ${middle - 7}l7 7l-7 7l-7-7z`, violation: `M${x1} ${middle - 7}l8 13h-16z`, problem: `M${x1 - 5} ${middle - 5}l10 10m0-10l-10 10`, connection: `M${x1 - 5} ${middle}a5 5 0 1 0 10 0a5 5 0 1 0-10 0` }[item.kind];
        group.append(svg("path", { class: "mark", d: shape }));
        return group;
      }
    }
  };

  const redraw = () => { if (!frame) frame = requestAnimationFrame(draw); };
  const zoomTo = (wanted, at, pixel) => {
    const next = Math.min(most(), Math.max(1, wanted));
    const held = at === undefined ? (scroll.scrollLeft + width() / 2) / scale() : at;
    const where = pixel === undefined ? width() / 2 : pixel;
    zoom = next;
    spacer.style.width = zoom === 1 ? "100%" : `${width() * zoom}px`;
    scroll.scrollLeft = held * scale() - where;
    redraw();
  };
  const lookAt = item => {
    const length = Math.max(item.end - item.begin, hasTimes ? 1000 : 10);
    zoomTo(Math.max(1, end / length / 2.5), item.begin, width() * 0.2);
  };
  const reveal = item => {
    const x1 = item.begin * scale() - scroll.scrollLeft;
    if (x1 < 0 || x1 > width() - 40) scroll.scrollLeft = item.begin * scale() - width() * 0.3;
  };
  const go = place_ => {
    current = Math.min(items.length - 1, Math.max(0, place_));
    if (!items.length) return;
    reveal(items[current]);
    show(items[current]);
    draw();
    canvas.querySelector(`[data-place="${current}"]`)?.focus({ preventScroll: true });
  };
  const zoomAt = factor => zoomTo(zoom * factor, items[current].begin, Math.max(0, Math.min(width(), items[current].begin * scale() - scroll.scrollLeft)));
  const itemOf = event => items[Number(event.target.closest?.("[data-place]")?.dataset.place)];

  canvas.addEventListener("pointerover", event => { const item = itemOf(event); if (item) show(item); });
  canvas.addEventListener("click", event => { const item = itemOf(event); if (item) go(items.indexOf(item)); });
  canvas.addEventListener("focusin", event => { const item = itemOf(event); if (item) { current = items.indexOf(item); show(item); } });
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { ArrowRight: () => go(current + 1), ArrowLeft: () => go(current - 1), Home: () => go(0), End: () => go(items.length - 1), "+": () => zoomAt(1.6), "=": () => zoomAt(1.6), "-": () => zoomAt(1 / 1.6), "0": () => zoomTo(1), Enter: () => { location.hash = items[current].id; } }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  scroll.addEventListener("scroll", redraw, { passive: true });
  scroll.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const pixel = event.clientX - scroll.getBoundingClientRect().left;
    zoomTo(zoom * Math.exp(-event.deltaY / 300), (scroll.scrollLeft + pixel) / scale(), pixel);
  }, { passive: false });
  addEventListener("resize", () => zoomTo(zoom));
  addEventListener("beforeprint", () => { zoomTo(1); draw(); });

  const button = (label, name, act) => {
    const made = html("button", { type: "button", "aria-label": name, title: name }, label);
    made.addEventListener("click", act);
    return made;
  };

  // ---- tables ----
  const table = (title, note, heads, bodies) => bodies.length === 0 ? null : html("section", { "aria-label": title },
    html("h2", {}, title, note ? html("small", {}, ` ${note}`) : null),
    html("table", {}, html("thead", {}, html("tr", {}, heads.map(head => html("th", { scope: "col", class: head.kind }, head.name)))),
      html("tbody", {}, bodies.map(body => [html("tr", { id: body.id, class: body.class }, heads.map((head, index) => {
        const cell = body.cells[index];
        const isEmpty = cell === null || cell === undefined || cell === "";
        return html("td", { class: head.kind, "data-label": head.name }, isEmpty ? null : html("div", {}, cell));
      })), body.more ? html("tr", { class: "more" }, html("td", { colspan: heads.length }, body.more)) : null]))));
  const column = (name, kind) => ({ name, kind });
  const each = (name, map) => lanes.flatMap((lane, index) => lane[name].map((one, number) => map(one, index === 0 ? "" : `${index + 1}-`, number + 1, lane)));
  const link = (id, text) => html("a", { href: `#${id}` }, text);
  const turnLink = (prefix, number) => number ? link(`${prefix}turn-${number}`, String(number)) : "";
  const laneCell = lane => several ? [lane.name] : [];
  const laneHead = several ? [column("Log")] : [];

  const waits = lanes.flatMap(lane => lane.turns.map(turn => turn.wait_ms)).filter(wait => wait !== null).sort((left, right) => left - right);
  const slowest = waits.length ? waits[waits.length - 1] : 0;
  const median = waits.length ? (waits[(waits.length - 1) >> 1] + waits[waits.length >> 1]) / 2 : null;
  const bar = wait => {
    if (wait === null) return "";
    const drawn = html("span", { class: "bar", "aria-hidden": "true" });
    drawn.style.width = `${Math.max(2, wait / (slowest || 1) * 72)}px`;
    return [html("span", { class: "value" }, span(wait)), drawn];
  };
  const hasCost = lanes.some(lane => lane.cost !== null);
  const turnHeads = [...laneHead, column("Turn"), column("Begins", "tight"), column("User", "tight"), ...(hasTimes ? [column("First sound", "tight"), column("Response", "tight")] : []), column("Outcome"), column("Tools"), column("Tokens in, out", "number"), ...(hasCost ? [column("Cost", "number")] : [])];
  const turnRows = each("turns", (turn, prefix, number, lane) => {
    const tools = lane.tools.filter(tool => tool.turn === turn.number);
    const cuts = lane.interruptions.filter(cut => cut.turn === turn.number);
    const last = turn.responses[turn.responses.length - 1];
    const words = [["User", turn.user_words], ["Model", turn.responses.map(response => response.words || "").join(" ").trim()]].filter(line => line[1]);
    const cut = cuts.length ? `, ${heard(cuts[cuts.length - 1])}` : last && last.reason && turn.outcome !== "completed" ? ` (${last.reason})` : "";
    return {
      id: `${prefix}turn-${turn.number}`,
      cells: [...laneCell(lane), link(`${prefix}turn-${turn.number}`, String(turn.number)), place(lane, turn.begin), begins[turn.by],
        ...(hasTimes ? [bar(turn.wait_ms), turn.responses.map(response => span(response.duration_ms)).filter(text => text).join(" + ")] : []),
        html("span", { class: `outcome ${outcomes[turn.outcome] ? turn.outcome : "other"}` }, `${outcomes[turn.outcome] || turn.outcome}${cut}`), tools.map(tool => tool.name).join(", "),
        turn.tokens_in === null ? "" : `${whole.format(turn.tokens_in)}, ${whole.format(turn.tokens_out)}`, ...(hasCost ? [money(turn.cost)] : [])],
      more: words.length ? html("dl", { class: "words" }, words.map(([who, text]) => html("div", {}, html("dt", {}, who), html("dd", {}, text)))) : null,
    };
  });
  const toolRows = each("tools", (tool, prefix, number, lane) => ({
    id: `${prefix}tool-${number}`,
    cells: [...laneCell(lane), link(`${prefix}tool-${number}`, tool.name || "(no name)"), place(lane, tool.begin), span(tool.duration_ms), html("span", { class: `outcome ${tool.outcome === "answered" ? "completed" : "failed"}` }, tool.outcome === "open" ? "no output in the log" : tool.outcome), turnLink(prefix, tool.turn)],
    more: tool.arguments || tool.output ? html("dl", { class: "words" }, [["Arguments", tool.arguments], ["Output", tool.output]].filter(line => line[1]).map(([what, text]) => html("div", {}, html("dt", {}, what), html("dd", {}, text)))) : null,
  }));
  const cutRows = each("interruptions", (cut, prefix, number, lane) => ({ id: `${prefix}interruption-${number}`, cells: [...laneCell(lane), link(`${prefix}interruption-${number}`, place(lane, cut.at)), by(cut), heard(cut), turnLink(prefix, cut.turn)] }));
  const ruleRows = each("violations", (broken, prefix, number, lane) => ({
    id: `${prefix}violation-${number}`,
    cells: [...laneCell(lane), link(`${prefix}violation-${number}`, place(lane, broken.at)), html("span", { class: `level ${broken.level}` }, broken.level), [html("strong", {}, broken.says), " ", broken.instead, html("small", {}, ` ${broken.rule}`)], broken.line ? `line ${whole.format(broken.line)}` : "at the end"],
  }));
  const problemRows = each("problems", (problem, prefix, number, lane) => ({
    id: `${prefix}problem-${number}`,
    cells: [...laneCell(lane), link(`${prefix}problem-${number}`, place(lane, problem.at)), kinds[problem.kind] || problem.kind, [problem.name, problem.parameter ? ` (${problem.parameter})` : null, problem.message ? html("small", {}, ` ${problem.message}`) : null], problem.line ? `line ${whole.format(problem.line)}` : ""],
  }));
  const connectionRows = each("connections", (mark, prefix, number, lane) => ({ id: `${prefix}connection-${number}`, cells: [...laneCell(lane), link(`${prefix}connection-${number}`, place(lane, mark.at)), marks[mark.kind], mark.name, mark.code === null ? "" : String(mark.code)] }));
  const limitRows = each("rate_limits", (limit, prefix, number, lane) => ({ cells: [...laneCell(lane), limit.name, limit.limit === null ? "" : whole.format(limit.limit), `${whole.format(limit.lowest)} at ${place(lane, limit.lowest_at)}`, whole.format(limit.last)] }));
  const used = part => ["text", "audio", "image"].map(kind => sum(lanes, lane => lane.usage[part][kind]));
  const usageRows = [["Read", "input"], ["of it cached", "cached_input"], ["Made", "output"]].map(([name, part]) => ({ cells: [name, ...used(part).map(number => whole.format(number)), whole.format(sum(lanes, lane => tokens(lane.usage[part])))] }));

  // ---- the page ----
  const turnCount = sum(lanes, lane => lane.turns.length);
  const title = `${several ? `${count(lanes.length, "log", "logs")}, ` : ""}${count(turnCount, "turn", "turns")}${hasTimes ? ` in ${span(end)}` : ""}`;
  document.title = several ? title : `${lanes[0].name}: ${title}`;
  const models = [...new Set(lanes.map(lane => lane.model).filter(name => name))];
  const figure = (name, value, note, kind) => value === null ? null : html("div", { class: `figure${kind ? ` ${kind}` : ""}` }, html("dt", {}, name), html("dd", {}, html("b", {}, value), note ? html("small", {}, note) : null));
  const violations = sum(lanes, lane => lane.violations.filter(broken => broken.level !== "race").length);
  const problems = sum(lanes, lane => lane.problems.length);
  const cuts = sum(lanes, lane => lane.interruptions.length);
  const tools = sum(lanes, lane => lane.tools.length);
  const toolTimes = lanes.flatMap(lane => lane.tools.map(tool => tool.duration_ms)).filter(time => time !== null);
  const tokensIn = sum(lanes, lane => tokens(lane.usage.input));
  const tokensOut = sum(lanes, lane => tokens(lane.usage.output));
  const missing = sum(lanes, lane => lane.usage.responses_without_usage);
  const cost = hasCost ? sum(lanes, lane => lane.cost) : null;
  const shares = !hasTimes ? [] : [["user", "user", sum(lanes, lane => lane.figures.user_ms)], ["model", "model", sum(lanes, lane => lane.figures.model_ms)], ["silence", "silence", sum(lanes, lane => lane.figures.silence_ms)], ["both at once", "both", sum(lanes, lane => lane.figures.both_ms)]];
  const notes = lanes.flatMap(lane => [
    lane.left_out ? `${lane.name}: ${whole.format(lane.left_out)} more entries are left out here.` : null,
    lane.strange_times ? `${lane.name}: ${count(lane.strange_times, "time was", "times were")} of no use, such as one before the time of the line above; what it belongs to stands where that line does.` : null,
  ]).filter(note => note);
  if (!hasTimes) notes.unshift(`There are no times in ${several ? "some of the logs" : "the log"}, so events stand in their order, and nothing is said of how long anything took.`);

  page.replaceChildren(...[
    html("header", {}, html("p", { class: "source" }, [several ? null : lanes[0].name, ...models, count(sum(lanes, lane => lane.events), "event", "events")].filter(text => text).join(" · ")), html("h1", {}, title)),
    html("dl", { class: "figures" },
      figure("First sound", median === null ? null : span(median), waits.length > 1 ? `median; slowest ${span(slowest)}` : "after the user was done"),
      figure("Interruptions", whole.format(cuts)),
      figure("Tool calls", whole.format(tools), toolTimes.length ? `slowest ${span(Math.max(...toolTimes))}` : null),
      figure("Rules broken", whole.format(violations), null, violations ? "bad" : null),
      figure("Errors", whole.format(problems), null, problems ? "bad" : null),
      figure("Tokens", whole.format(tokensIn + tokensOut), `${whole.format(tokensIn)} in, ${whole.format(tokensOut)} out${missing ? `; ${count(missing, "response", "responses")} did not say` : ""}`),
      figure("Cost", cost === null ? null : money(cost), "by your prices")),
    html("section", { class: `timeline${several ? "" : " single"}`, "aria-label": "Time line" },
      html("div", { class: "tools" }, html("div", { class: "legend" }, shares.filter(share => share[2] > 0).map(([name, kind, ms]) => html("span", {}, html("i", { class: kind, "aria-hidden": "true" }), `${name} ${span(ms)}`)), hasTimes && lanes.some(lane => lane.interruptions.length) ? html("span", {}, html("i", { class: "lost", "aria-hidden": "true" }), "not heard") : null),
        html("div", { class: "buttons" }, button("−", "Zoom out", () => zoomTo(zoom / 1.6)), button("+", "Zoom in", () => zoomTo(zoom * 1.6)), button("All", "Show all of it", () => zoomTo(1)))),
      html("div", { class: "frame" }, html("div", { class: "gutter", "aria-hidden": "true" }, rows.flatMap(row => Object.keys(rowHeights).filter(name => row[name] !== undefined).map(name => {
        const label = html("span", {}, rowNames[name]);
        label.style.top = `${row[name]}px`;
        label.style.height = `${rowHeights[name] + (name === "model" ? 10 : 0)}px`;
        return label;
      }))), scroll),
      facts),
    notes.length ? html("ul", { class: "notes" }, notes.map(note => html("li", {}, note))) : null,
    table("Turns", null, turnHeads, turnRows),
    table("Broken rules", "what the client did, and what to do instead", [...laneHead, column("At", "tight"), column("Level", "tight"), column("Rule"), column("Place", "tight")], ruleRows),
    table("Interruptions", null, [...laneHead, column("At", "tight"), column("Cut off"), column("Heard"), column("Turn")], cutRows),
    table("Tools", null, [...laneHead, column("Tool"), column("Called", "tight"), column("Took", "tight"), column("Outcome"), column("Turn")], toolRows),
    table("Errors", null, [...laneHead, column("At", "tight"), column("What", "tight"), column("Name"), column("Place", "tight")], problemRows),
    table("Tokens", null, [column("Tokens"), column("Text", "number"), column("Audio", "number"), column("Image", "number"), column("All", "number")], tokensIn + tokensOut ? usageRows : []),
    table("Rate limits", null, [...laneHead, column("Limit of"), column("Limit"), column("Lowest"), column("In the end")], limitRows),
    table("Connections", null, [...laneHead, column("At", "tight"), column("What", "tight"), column("Session, or reason"), column("Code")], connectionRows),
    html("footer", {}, picture.has_content ? "What was said is on this page." : "What was said is not on this page; --content puts it there.", " Drawn by realtime view."),
  ].filter(part => part));

  invite();
  draw();
  const follow = () => {
    let wanted;
    try { wanted = byId.get(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!wanted) return;
    current = items.indexOf(wanted);
    show(wanted);
    lookAt(wanted);
    document.getElementById(wanted.id)?.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", follow);
  follow();
})();
