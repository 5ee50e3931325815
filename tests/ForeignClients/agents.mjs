// The talks of npm's `@openai/agents-realtime`: an agent and its session, as its own users write them. `node agents.mjs TALK`, REALTIME_URL and OPENAI_API_KEY in the environment.

import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
import { expect, Heard, pieces, run, silence, speech } from './speech.mjs';

/** A connected session, and what its transport has heard. */
async function open(agent, config) {
  const session = new RealtimeSession(new RealtimeAgent({ name: 'Shop', instructions: 'Be brief.', ...agent }), {
    transport: new OpenAIRealtimeWebSocket(),
    model: 'gpt-realtime',
    config,
  });
  const heard = new Heard();
  session.on('transport_event', (event) => heard.take(event));
  session.on('error', () => {}); // the talks look at the error events
  await session.connect({ apiKey: process.env.OPENAI_API_KEY, url: `${process.env.REALTIME_URL}?model=gpt-realtime` });
  const it = { session, events: heard.events, until: (...wanted) => heard.until(...wanted) };
  await it.until('session.updated');
  return it;
}

function say(it, sound) {
  for (const piece of pieces(sound)) {
    it.session.sendAudio(piece.buffer.slice(piece.byteOffset, piece.byteOffset + piece.byteLength));
  }
}

await run('agents-realtime', {
  async 'spoken-turn'() {
    const it = await open({}, { audio: { input: { turnDetection: null } } });
    const answer = [];
    it.session.on('audio', ({ data }) => answer.push(Buffer.from(data)));
    const question = speech(1_234);
    say(it, question);
    it.session.transport.sendEvent({ type: 'input_audio_buffer.commit' });
    it.session.transport.requestResponse();
    const { response } = await it.until('response.done');
    expect(response.status === 'completed', `The response is ${response.status}.`);
    const sound = Buffer.concat(answer);
    expect(sound.equals(question), `${sound.length} bytes came back of ${question.length}, or others.`);
    it.session.close();
    return { bytes: sound.length };
  },

  async 'parallel-calls'() {
    const ran = [];
    const shop = ['stock', 'price'].map((name) =>
      tool({
        name,
        description: `The ${name} of an article.`,
        parameters: z.object({ sku: z.string() }),
        execute: async ({ sku }) => {
          ran.push(name);
          return JSON.stringify({ [name]: sku });
        },
      }),
    );
    const it = await open({ tools: shop }, { outputModalities: ['text'] });
    it.session.sendMessage('The blue ones?');
    const made = await it.until('response.done', ({ response }) => response.output.some((item) => item.type === 'function_call'));
    const { response } = await it.until('response.done', (event) => event !== made && event.response.output.some((item) => item.type === 'message'));
    expect(response.status === 'completed', `The answer is ${response.status}.`);
    it.session.close();
    return { calls: ran.sort(), answer: response.output[0].content[0].text };
  },

  async 'barge-in'() {
    const it = await open({}, { audio: { input: { turnDetection: { type: 'server_vad', silenceDurationMs: 200, interruptResponse: true, createResponse: true } } } });
    let interrupted = 0;
    it.session.on('audio_interrupted', () => interrupted++);
    say(it, speech(20_000));
    say(it, silence(400));
    const first = await it.until('response.output_audio.delta');
    await new Promise((resolve) => setTimeout(resolve, 50)); // some of it is heard
    const from = it.events.length;
    say(it, speech(600, 330));
    const { response } = await it.until('response.done', (event) => event.response.id === first.response_id);
    expect(response.status === 'cancelled', `The interrupted response is ${response.status}.`);
    const truncated = await it.until('conversation.item.truncated', () => true, from);
    expect(truncated.item_id === first.item_id, 'Another item was truncated.');
    say(it, silence(400));
    const { response: second } = await it.until('response.done', (event) => event.response.id !== first.response_id, from);
    expect(second.status === 'completed', `The second response is ${second.status}.`);
    it.session.close();
    return { interrupted };
  },

  async 'second-create'() {
    const it = await open({}, { outputModalities: ['text'] });
    it.session.sendMessage('Hello.'); // asks by itself
    it.session.transport.requestResponse(); // and once more: this client holds it back until the first is done
    const { response } = await it.until('response.done');
    const { response: second } = await it.until('response.done', (event) => event.response.id !== response.id);
    it.session.close();
    return { statuses: [response.status, second.status], errors: it.events.filter((event) => event.type === 'error').map((event) => event.error.code) };
  },

  async transcription() {
    const it = await open({}, { audio: { input: { turnDetection: null, transcription: { model: 'gpt-4o-mini-transcribe' } } } });
    say(it, speech(900));
    it.session.transport.sendEvent({ type: 'input_audio_buffer.commit' });
    const { transcript } = await it.until('conversation.item.input_audio_transcription.completed');
    it.session.close();
    return { transcript };
  },
});
