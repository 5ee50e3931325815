"use strict";
// Brings sound, line and captions together, and says what is going on: to people in the page, to programs in `window.call` with the event `callchange`.
(() => {
  const config = JSON.parse(document.getElementById("config").textContent);
  const worklets = document.getElementById("worklets").textContent;
  const body = document.body;
  const [status, whoSpeaks, button, meter, first, length] = ["status", "speaks", "call", "meter", "first", "length"].map(id => document.getElementById(id));
  const captions = makeCaptions(document.getElementById("said"), document.getElementById("captions"), number => turnOf(number).wasAsked);
  const seconds = ms => `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;

  // ---- what it knows ----
  let loudFrames = 0; // of the microphone, since the last turn of the model began
  const none = { state: "idle", says: "", id: "", gateway: "", items: 0, lines: 0, frames: 0, gaps: 0, code: 0, turns: [] };
  const facts = { ...none };
  const tell = change => {
    Object.assign(facts, change);
    body.dataset.state = facts.state;
    dispatchEvent(new Event("callchange"));
  };
  Object.defineProperty(window, "call", { get: () => structuredClone(facts) });
  const turnOf = number => {
    const known = facts.turns.find(turn => turn.line === facts.lines && turn.turn === number);
    if (known) return known;
    const turn = { line: facts.lines, turn: number, wasAsked: loudFrames > 2, bytes: 0, played: 0, firstSoundMs: null, isWhole: false, isCleared: false, cutAt: null };
    loudFrames = 0;
    facts.turns.push(turn);
    return turn;
  };

  // ---- who speaks ----
  const quietMs = 300;
  let floor = 0.003;
  let lastLoud = 0;
  let playing = 0;
  const speaks = () => {
    const you = performance.now() - lastLoud < quietMs;
    body.dataset.speaks = you ? (playing ? "both" : "caller") : playing ? "model" : "nobody";
    const text = facts.state !== "talking" ? "" : you ? (playing ? "You speak, and so does the model." : "You speak.") : playing ? "The model speaks." : "It listens.";
    if (whoSpeaks.textContent !== text) whoSpeaks.textContent = text;
  };
  const hear = level => {
    // What is louder than the room by far is speech; the room is what it is like in the pauses.
    floor = level < floor ? level : Math.min(0.05, Math.max(floor, 0.001) * 1.005);
    if (level > Math.max(0.01, floor * 4)) {
      lastLoud = performance.now();
      loudFrames++;
    }
    const shown = Math.round(Math.max(0, Math.min(1, 1 + Math.log10(Math.max(level, 0.001)) / 3)) * 100);
    meter.setAttribute("aria-valuenow", shown);
    meter.firstElementChild.style.transform = `scaleX(${shown / 100})`;
    speaks();
  };

  const say = text => {
    if (status.textContent !== text) status.textContent = text;
    facts.says = text;
  };

  // ---- a call ----
  let call = null;
  let sound = null;
  let clock = 0;
  let began = 0;
  const place = `call ${new URL(config.calls, document.baseURI).href}`; // another page of this host has calls of its own
  const remember = id => {
    try {
      if (id) sessionStorage.setItem(place, id);
      else sessionStorage.removeItem(place);
    } catch {
      // A browser that keeps nothing: a page that is loaded again begins a new call.
    }
  };
  const remembered = () => {
    try {
      return sessionStorage.getItem(place);
    } catch {
      return null;
    }
  };

  const close = (state, code, says) => {
    clearInterval(clock);
    if (sound) sound.close();
    [call, sound, playing] = [null, null, 0];
    remember(null);
    button.textContent = "Call";
    say(says);
    tell({ state, code });
    lastLoud = 0;
    hear(0);
  };

  // To the loudspeaker, turns of different lines are different turns: what it says of a line that is gone comes too late.
  const ofLine = 1000000;
  const spoken = number => facts.lines * ofLine + number;
  const onSpeaker = message => {
    const number = message.began || message.dry || message.cleared || message.turn;
    if (Math.floor(number / ofLine) !== facts.lines) return;
    const turn = turnOf(number % ofLine);
    if (message.began) {
      playing = turn.turn;
      if (turn.wasAsked && turn.firstSoundMs === null) {
        turn.firstSoundMs = Math.max(0, Math.round(performance.now() - lastLoud));
        first.textContent = seconds(turn.firstSoundMs);
        captions.note(turn.turn, `first sound after ${seconds(turn.firstSoundMs)}`);
      }
    } else if (message.dry) {
      facts.gaps++;
    } else if (message.cleared) {
      playing = 0;
      turn.played = turn.cutAt = message.samples * 2;
      captions.cut(turn.turn);
      captions.note(turn.turn, `${turn.isCleared ? "interrupted" : "broken off"} after ${seconds(turn.cutAt / 48)}`);
    } else {
      turn.played = message.samples * 2;
      turn.isWhole = message.whole === true;
      if (turn.isWhole) playing = 0;
      call.played(turn.turn, turn.played);
    }
    speaks();
    tell({});
  };

  const start = async () => {
    const id = remembered() || crypto.randomUUID();
    remember(id);
    captions.clear();
    began = performance.now();
    button.textContent = "Hang up";
    [first.textContent, length.textContent] = ["–", "–"];
    say("Your browser asks for the microphone.");
    tell({ ...none, turns: [], state: "calling", id });
    const mine = call = makeCall(config, id, {
      dialling: gateway => tell({ gateway }),
      ready: ({ items }, gateway) => {
        captions.line(facts.lines === 0 ? items > 0 ? "The call goes on." : "" : items > 0 ? "The call goes on where it broke." : "The call is back, and begins anew.");
        loudFrames = 0;
        say("Connected.");
        tell({ state: "talking", gateway, items, lines: facts.lines + 1 });
        speaks();
      },
      turn: captions.turn,
      sound: (number, pcm) => {
        turnOf(number).bytes += pcm.byteLength;
        sound.play(spoken(number), pcm);
      },
      turnEnd: (number, bytes) => sound.end(spoken(number), bytes / 2),
      clear: number => {
        sound.clear(spoken(number));
        facts.turns.filter(turn => turn.line === facts.lines && turn.turn <= number && !turn.isWhole).forEach(turn => { turn.isCleared = true; });
        tell({});
      },
      caption: captions.piece,
      waiting: (code, says) => {
        // What was not heard is said again on the next line.
        sound.clear(Infinity);
        playing = 0;
        say(`${says} Calling again …`);
        tell({ state: "waiting", code });
        speaks();
      },
      over: (code, says) => close("over", code, says),
    });
    try {
      const opened = await openSound(worklets, {
        frame: (pcm, level) => {
          facts.frames++;
          hear(level);
          if (call === mine) mine.speak(pcm);
        },
        speaker: message => call === mine && onSpeaker(message),
        silent: () => {
          if (call !== mine) return;
          mine.hangUp();
          close("over", 0, "The microphone is gone.");
        },
      });
      if (call !== mine) {
        opened.close();
        return;
      }
      sound = opened;
    } catch (failure) {
      if (call !== mine) return;
      close("over", 0, failure.name === "NotAllowedError" ? "The browser did not give this page the microphone. Allow it, and call again."
        : failure.name === "NotFoundError" ? "There is no microphone." : `The sound could not be opened: ${failure.message}`);
      return;
    }
    say("Calling …");
    clock = setInterval(() => {
      const past = Math.floor((performance.now() - began) / 1000);
      length.textContent = `${Math.floor(past / 60)}:${String(past % 60).padStart(2, "0")}`;
      speaks();
    }, 250);
    mine.dial();
  };

  const hangUp = () => {
    call.hangUp();
    close("over", 1000, "You hung up.");
  };

  button.onclick = () => call ? hangUp() : start();
  if (!window.isSecureContext || !navigator.mediaDevices || !window.AudioWorkletNode) {
    say("A browser gives a page its microphone over https only, or from this machine.");
  } else {
    say(remembered() ? "Your call was left. Press Call to go on with it." : "Press Call, and speak.");
    button.disabled = false;
    button.focus();
  }
  tell({});
})();
