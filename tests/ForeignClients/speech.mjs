// Sound to say, what was heard, and how a talk reports: what both clients' talks share. Knows nothing of either client.

const RATE = 24_000;

/** PCM16 at 24 kHz, mono: a voice-like tone of so many ms, loud enough to be heard as speech. Equal on every run. */
export function speech(ms, hertz = 220) {
  const samples = Math.floor((ms * RATE) / 1000);
  const bytes = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i++) {
    bytes.writeInt16LE(Math.round(9_000 * Math.sin((2 * Math.PI * hertz * i) / RATE)), i * 2);
  }
  return bytes;
}

/** PCM16 at 24 kHz: nothing to hear, so many ms of it. */
export function silence(ms) {
  return Buffer.alloc(Math.floor((ms * RATE) / 1000) * 2);
}

/** The sound in pieces of at most so many ms, as a microphone gives it. */
export function* pieces(sound, ms = 100) {
  const size = (RATE / 1000) * 2 * ms;
  for (let at = 0; at < sound.length; at += size) {
    yield sound.subarray(at, at + size);
  }
}

/** Every event that came, and a way to wait for one, whether it came already or comes later. */
export class Heard {
  events = [];
  #waiting = [];

  take(event) {
    this.events.push(event);
    this.#look();
  }

  /** The first event of a type, from a place in the list on. */
  until(type, matches = () => true, from = 0) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ type, from, matches: (event) => event.type === type && matches(event), resolve, reject });
      this.#look();
    });
  }

  /** Nothing more will come. */
  end(why) {
    for (const wait of this.#waiting) {
      wait.reject(new Error(`${why} before ${wait.type} came.`));
    }
  }

  #look() {
    for (const wait of [...this.#waiting]) {
      const found = this.events.slice(wait.from).find(wait.matches);
      if (found) {
        this.#waiting.splice(this.#waiting.indexOf(wait), 1);
        wait.resolve(found);
      }
    }
  }
}

/** Throws a sentence when what came is not what was expected. */
export function expect(holds, sentence) {
  if (!holds) {
    throw new Error(sentence);
  }
}

/** Runs the talk that the command line names, prints one line of JSON about it, and ends with 0 when its connection is closed, or with 1 and the reason on standard error. */
export async function run(client, talks) {
  const name = process.argv[2];
  const talk = talks[name];
  if (!talk) {
    console.error(`Give one of: ${Object.keys(talks).join(', ')}.`);
    process.exit(2);
  }
  const tooLate = setTimeout(() => {
    console.error(`${client} ${name}: nothing more came for 20 s.`);
    process.exit(1);
  }, 20_000);
  try {
    const result = await talk();
    clearTimeout(tooLate);
    console.log(JSON.stringify({ client, talk: name, ...result }));
    setTimeout(() => process.exit(0), 10_000).unref(); // a goodbye that is under way needs a moment; a client that keeps something open gets no more than that
  } catch (error) {
    console.error(`${client} ${name}: ${error.stack ?? error}`);
    process.exit(1);
  }
}
