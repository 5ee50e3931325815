"use strict";
// Runs where sound is made, on the audio thread. Its law: the microphone comes out in frames of 40 ms of PCM16 at 24 kHz, whatever the rate of its context; what is said to have been played was given to the loudspeaker, and
// waited as long as that takes.
const rate = 24000;

// From one rate to another: a windowed sinc, one set of taps for each place that a sample of the output can have between two of the input.
class Resampler {
  constructor(from, to) {
    let [divisor, rest] = [from, to];
    while (rest > 0) [divisor, rest] = [rest, divisor % rest];
    this.step = from / divisor;
    this.phases = to / divisor;
    const cutoff = Math.min(1, to / from) * 0.92;
    this.half = Math.ceil(16 / cutoff);
    this.taps = Array.from({ length: this.phases }, (_, phase) => Float32Array.from({ length: 2 * this.half }, (_, tap) => {
      const at = tap - this.half + 1 - phase / this.phases;
      const window = 0.5 + 0.5 * Math.cos(Math.PI * at / this.half);
      return at === 0 ? cutoff : Math.sin(Math.PI * cutoff * at) / (Math.PI * at) * window;
    }));
    this.kept = new Float32Array(2 * this.half);
    this.place = 0; // of the next sample, in parts of one of the input
  }

  push(samples, take) {
    const all = new Float32Array(this.kept.length + samples.length);
    all.set(this.kept);
    all.set(samples, this.kept.length);
    for (; this.place < samples.length * this.phases; this.place += this.step) {
      const taps = this.taps[this.place % this.phases];
      const first = Math.floor(this.place / this.phases);
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) sum += taps[tap] * all[first + tap];
      take(sum);
    }
    this.place -= samples.length * this.phases;
    this.kept = all.slice(samples.length);
  }
}

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === rate ? null : new Resampler(sampleRate, rate);
    this.begin();
  }

  begin() {
    this.frame = new Int16Array(rate / 25);
    this.filled = 0;
    this.power = 0;
  }

  take(sample) {
    const value = Math.max(-1, Math.min(1, sample));
    this.frame[this.filled++] = Math.round(value * 32767);
    this.power += value * value;
    if (this.filled < this.frame.length) return;
    this.port.postMessage({ pcm: this.frame.buffer, level: Math.sqrt(this.power / this.frame.length) }, [this.frame.buffer]);
    this.begin();
  }

  process([[samples]]) {
    if (!samples) return true;
    if (this.resampler) this.resampler.push(samples, sample => this.take(sample));
    else for (const sample of samples) this.take(sample);
    return true;
  }
}

class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.pieces = []; // { turn, samples }, in the order in which they are played
    this.ends = new Map(); // of turns whose sound is all there, how many samples they have
    this.turn = 0;
    this.played = 0; // samples of this turn
    this.told = 0;
    this.at = 0; // in the first piece
    this.dry = false;
    this.latency = 0; // from here to the ear, in samples
    this.due = []; // what is to be told when it is heard
    this.last = 0;
    this.fade = 0;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(message) {
    if (message.pcm) {
      this.latency = message.latency;
      this.pieces.push({ turn: message.turn, samples: new Int16Array(message.pcm) });
    } else if (message.clear) {
      this.clear(message.clear);
    } else {
      this.ends.set(message.end, message.samples);
      if (message.samples === 0) this.tell({ turn: message.end, samples: 0, whole: true });
      else this.endIfWhole();
    }
  }

  clear(turn) {
    this.pieces = this.pieces.filter(piece => piece.turn > turn);
    // A turn whose last sample is on its way to the ear was not told to be whole, and will not be: it is one that was cleared.
    for (const told of this.due) if (told.whole && told.turn <= turn) this.port.postMessage({ cleared: told.turn, samples: told.samples });
    this.due = this.due.filter(told => told.turn > turn);
    for (const ended of this.ends.keys()) if (ended <= turn) this.ends.delete(ended);
    if (this.turn === 0 || this.turn > turn) return;
    this.fade = this.dry ? 0 : this.last;
    this.port.postMessage({ cleared: this.turn, samples: this.played });
    this.forget();
  }

  forget() {
    this.turn = 0;
    this.played = 0;
    this.told = 0;
    this.at = 0;
    this.dry = false;
  }

  tell(what) {
    this.due.push({ ...what, frame: currentFrame + this.latency });
  }

  begin(turn) {
    this.forget();
    this.turn = turn;
    this.tell({ began: turn, turn });
  }

  endIfWhole() {
    if (!this.ends.has(this.turn) || this.played < this.ends.get(this.turn)) return;
    this.ends.delete(this.turn);
    this.tell({ turn: this.turn, samples: this.played, whole: true });
    this.forget();
  }

  process(_, [[output]]) {
    let place = 0;
    while (place < output.length && this.pieces.length > 0) {
      const { turn, samples } = this.pieces[0];
      if (turn !== this.turn) this.begin(turn);
      this.dry = false;
      const count = Math.min(output.length - place, samples.length - this.at);
      for (let i = 0; i < count; i++) output[place + i] = samples[this.at + i] / 32768;
      place += count;
      this.at += count;
      this.played += count;
      if (this.at === samples.length) {
        this.pieces.shift();
        this.at = 0;
      }
      if (this.played - this.told >= rate / 5) {
        this.told = this.played;
        this.tell({ turn: this.turn, samples: this.played });
      }
      this.endIfWhole();
    }
    if (place > 0) {
      this.last = output[place - 1];
      this.fade = 0;
    } else if (this.fade !== 0) {
      // A wave that is cut off clicks: it sinks to nothing in some milliseconds.
      for (let i = 0; i < output.length; i++) output[i] = this.fade *= 0.97;
      this.fade = Math.abs(this.fade) < 0.0001 ? 0 : this.fade;
    }
    if (place < output.length && this.turn !== 0 && !this.dry) {
      this.dry = true;
      this.port.postMessage({ dry: this.turn });
    }
    while (this.due.length > 0 && this.due[0].frame <= currentFrame + output.length) this.port.postMessage(this.due.shift());
    return true;
  }
}

registerProcessor("microphone", Microphone);
registerProcessor("speaker", Speaker);
