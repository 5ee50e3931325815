// The talks of npm's `openai`: its WebSocket client, as its own users write it. `node openai.mjs TALK`, OPENAI_BASE_URL and OPENAI_API_KEY in the environment.

import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { expect, Heard, pieces, run, silence, speech } from './speech.mjs';

/** A client on an open connection, and what it has heard. */
async function open() {
  const rt = new OpenAIRealtimeWS({ model: 'gpt-realtime' }, new OpenAI());
  const heard = new Heard();
  rt.on('event', (event) => heard.take(event));
  rt.on('error', () => {}); // the talks look at the error events
  rt.socket.on('close', (code) => heard.end(`The connection closed (${code})`));
  const it = { rt, events: heard.events, until: (...wanted) => heard.until(...wanted) };
  await it.until('session.created');
  return it;
}

async function configure(it, session) {
  it.rt.send({ type: 'session.update', session: { type: 'realtime', ...session } });
  await it.until('session.updated', () => true, it.events.length);
}

function say(it, sound) {
  for (const piece of pieces(sound)) {
    it.rt.send({ type: 'input_audio_buffer.append', audio: piece.toString('base64') });
  }
}

function answerOf(it, responseId) {
  return Buffer.concat(
    it.events.filter((e) => e.type === 'response.output_audio.delta' && e.response_id === responseId).map((e) => Buffer.from(e.delta, 'base64')),
  );
}

await run('openai', {
  async 'spoken-turn'() {
    const it = await open();
    await configure(it, { audio: { input: { turn_detection: null } } });
    const question = speech(1_234);
    say(it, question);
    it.rt.send({ type: 'input_audio_buffer.commit' });
    it.rt.send({ type: 'response.create' });
    const { response } = await it.until('response.done');
    expect(response.status === 'completed', `The response is ${response.status}.`);
    const answer = answerOf(it, response.id);
    expect(answer.equals(question), `${answer.length} bytes came back of ${question.length}, or others.`);
    it.rt.close();
    return { bytes: answer.length };
  },

  async 'parallel-calls'() {
    const it = await open();
    await configure(it, {
      output_modalities: ['text'],
      tools: ['stock', 'price'].map((name) => ({
        type: 'function',
        name,
        description: `The ${name} of an article.`,
        parameters: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
      })),
    });
    it.rt.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'The blue ones?' }] } });
    it.rt.send({ type: 'response.create' });
    const { response } = await it.until('response.done');
    const calls = response.output.filter((item) => item.type === 'function_call');
    expect(calls.length === 2, `${calls.length} calls came.`);
    const from = it.events.length;
    for (const call of calls) {
      const { sku } = JSON.parse(call.arguments);
      it.rt.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call.call_id, output: JSON.stringify({ [call.name]: sku }) } });
    }
    it.rt.send({ type: 'response.create' });
    const { response: answer } = await it.until('response.done', () => true, from);
    expect(answer.status === 'completed', `The answer is ${answer.status}.`);
    it.rt.close();
    return { calls: calls.map((call) => call.name), answer: answer.output[0].content[0].text };
  },

  async 'barge-in'() {
    const it = await open();
    await configure(it, { audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 200 } } } });
    say(it, speech(20_000));
    say(it, silence(400));
    const first = await it.until('response.output_audio.delta');
    const from = it.events.length;
    say(it, speech(600, 330));
    await it.until('input_audio_buffer.speech_started', () => true, from);
    it.rt.send({ type: 'conversation.item.truncate', item_id: first.item_id, content_index: first.content_index, audio_end_ms: 100 });
    const { response } = await it.until('response.done', (event) => event.response.id === first.response_id);
    expect(response.status === 'cancelled', `The interrupted response is ${response.status}.`);
    expect(response.status_details.reason === 'turn_detected', `It was cancelled by ${response.status_details.reason}.`);
    const truncated = await it.until('conversation.item.truncated', () => true, from);
    say(it, silence(400));
    const { response: second } = await it.until('response.done', (event) => event.response.id !== first.response_id, from);
    expect(second.status === 'completed', `The second response is ${second.status}.`);
    it.rt.close();
    return { truncatedAt: truncated.audio_end_ms };
  },

  async 'second-create'() {
    const it = await open();
    await configure(it, { output_modalities: ['text'] });
    it.rt.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello.' }] } });
    it.rt.send({ type: 'response.create', event_id: 'first' });
    it.rt.send({ type: 'response.create', event_id: 'second' });
    const { error } = await it.until('error');
    expect(error.event_id === 'second', `The refusal names ${error.event_id}.`);
    const { response } = await it.until('response.done');
    expect(response.status === 'completed', `The first response is ${response.status}.`);
    it.rt.close();
    return { refused: error.code };
  },

  async transcription() {
    const it = await open();
    await configure(it, { audio: { input: { turn_detection: null, transcription: { model: 'gpt-4o-mini-transcribe' } } } });
    say(it, speech(900));
    it.rt.send({ type: 'input_audio_buffer.commit' });
    const { transcript, item_id } = await it.until('conversation.item.input_audio_transcription.completed');
    const { item_id: committed } = await it.until('input_audio_buffer.committed');
    expect(item_id === committed, 'The transcript belongs to another item.');
    it.rt.close();
    return { transcript };
  },
});
