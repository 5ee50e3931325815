"use strict";
// A call, over as many lines as it takes. Its law: one line at a time; a line that ended says nothing more; when the next one is dialled is what `closings` says, and where is the next gateway in turn.
const makeCall = (config, id, on) => {
  const protocol = "realtime-call.v1";
  const openMs = 5000; // until a line is open
  const readyMs = 20000; // from there until it is known that the model is there
  const pingMs = 5000;
  const mostUnanswered = 3; // 15 s. Counted in pings: time goes on where a page is held, by a sleeping machine or in a hidden tab, and the answers then wait behind the tick that comes late
  const brokenOff = 4000; // what such a line is closed with, should it still hear it: no code would say that somebody hung up
  const keptFrames = 125; // 5 s of what is said while no gateway is ready
  const mostWaiting = 480000; // 10 s of sound that the network does not take
  const mostRefused = 8; // attempts, where no gateway ever let in
  const holdsMs = 10000; // a line that was there so long was a good one

  const home = new URL(config.calls, document.baseURI);
  home.protocol = home.protocol === "https:" ? "wss:" : "ws:";
  const gateways = [home.href, ...config.gateways];

  let gateway = 0;
  let socket = null;
  let attempt = 0;
  let wasReady = false;
  let readySince = Infinity;
  let isOver = false;
  let timer = 0;
  let pulse = 0;
  let unanswered = 0;
  let turn = 0;
  let ticket = null; // { text, used: the gateways that it was shown to }
  let kept = [];

  const drop = () => {
    clearTimeout(timer);
    clearInterval(pulse);
    timer = 0;
    const line = socket;
    socket = null;
    return line;
  };

  const stop = () => {
    isOver = true;
    removeEventListener("online", again);
    return drop();
  };

  const over = (code, says) => {
    stop();
    on.over(code, says);
  };

  const ended = code => {
    drop();
    if (performance.now() - readySince > holdsMs) attempt = 0;
    readySince = Infinity;
    const closing = closingOf(code);
    if (!closing.again) {
      over(code, closing.says);
    } else if (!wasReady && attempt >= mostRefused) {
      over(code, code === 1006 ? "No gateway takes this call. Its log says why." : closing.says);
    } else {
      const wait = closing.again === "now" && attempt === 0 ? 0 : waitBefore(attempt, Math.random());
      gateway = (gateway + 1) % gateways.length;
      attempt++;
      timer = setTimeout(dial, wait);
      on.waiting(code, closing.says);
    }
  };

  // A ticket lets in once at a gateway: the newest that a gateway gave, or one of the application's. Who is led to a login is refused one.
  const fetchTicket = async () => {
    try {
      const answer = await fetch(new URL(config.tickets + encodeURIComponent(id), document.baseURI), { method: "POST", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(openMs) });
      if (!answer.ok) return answer.status < 500 && answer.status !== 429 ? { isRefused: true } : { isBroken: true };
      const text = (await answer.text()).trim().replace(/^"|"$/g, "");
      return /^[\w-]+$/.test(text) ? { text } : { isRefused: true }; // a login, say, that is shown in place of the answer
    } catch {
      return { isBroken: true };
    }
  };

  const ticketToShow = async () => {
    if (config.tickets && (!ticket || ticket.used.has(gateway))) {
      const fetched = await fetchTicket();
      if (fetched.isRefused) return fetched;
      if (fetched.text) ticket = { text: fetched.text, used: new Set() };
      else if (!ticket) return fetched;
    }
    if (ticket) ticket.used.add(gateway);
    return ticket || {};
  };

  const dial = async () => {
    clearTimeout(timer);
    timer = 0;
    on.dialling(gateways[gateway]);
    const shown = await ticketToShow();
    if (isOver || socket) return;
    if (shown.isRefused) return over(0, "The application gives no ticket to this call. Sign in, or load the page again.");
    if (shown.isBroken) return ended(1006);
    const line = socket = new WebSocket(gateways[gateway] + encodeURIComponent(id), shown.text ? [protocol, `ticket.${shown.text}`] : [protocol]);
    line.binaryType = "arraybuffer";
    timer = setTimeout(breakOff, openMs);
    line.onopen = () => {
      if (line !== socket) return;
      clearTimeout(timer);
      timer = setTimeout(breakOff, readyMs);
    };
    line.onmessage = ({ data }) => {
      if (line !== socket) return;
      unanswered = 0;
      if (typeof data === "string") take(JSON.parse(data));
      else on.sound(turn, data);
    };
    line.onclose = ({ code }) => line === socket && ended(code);
  };

  const breakOff = () => {
    const line = socket;
    ended(1006);
    line.close(brokenOff);
  };

  const ask = () => {
    if (unanswered === mostUnanswered) return breakOff();
    unanswered++;
    socket.send('{"type":"ping"}');
  };

  const take = message => {
    switch (message.type) {
      case "ready":
        clearTimeout(timer);
        ticket = message.ticket ? { text: message.ticket, used: new Set() } : null;
        wasReady = true;
        readySince = performance.now();
        pulse = setInterval(ask, pingMs);
        kept.forEach(frame => socket.send(frame));
        kept = [];
        on.ready(message, gateways[gateway]);
        break;
      case "turn":
        turn = message.turn;
        on.turn(turn);
        break;
      case "turn_end":
        on.turnEnd(message.turn, message.bytes);
        break;
      case "clear":
        on.clear(message.turn);
        break;
      case "caption":
        on.caption(message);
        break;
    }
  };

  const isReady = () => socket !== null && readySince !== Infinity && socket.readyState === WebSocket.OPEN;
  const again = () => timer && !socket && dial();
  addEventListener("online", again);

  return {
    dial,
    // A frame of the microphone. Until a gateway is ready the last ones are kept, and none is sent: one that can't reach the model takes nothing with it, and nobody hears a word twice.
    speak: frame => {
      if (!isReady()) kept = [...kept.slice(1 - keptFrames), frame];
      else if (socket.bufferedAmount < mostWaiting) socket.send(frame);
    },
    played: (number, bytes) => isReady() && socket.send(JSON.stringify({ type: "played", turn: number, bytes })),
    hangUp: () => {
      const line = stop();
      if (line) line.close(1000);
    },
  };
};
