"use strict";
// The microphone and the loudspeaker. Opened by a click, closed with the call.
const openSound = async (program, on) => {
  const constraints = { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } };
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const contexts = [];
  const startMs = 5000;
  const started = context => new Promise((resolve, reject) => {
    context.resume().then(resolve, reject);
    setTimeout(() => reject(new Error("the browser did not start it. Is there a loudspeaker?")), startMs);
  });
  const open = async options => {
    const context = new AudioContext({ latencyHint: "interactive", ...options });
    contexts.push(context);
    await Promise.all([started(context), context.audioWorklet.addModule(address)]);
    return context;
  };

  let stream = null;
  let isOpen = true;
  const close = () => {
    isOpen = false;
    if (stream) stream.getTracks().forEach(track => track.stop());
    contexts.forEach(context => context.close());
    URL.revokeObjectURL(address);
  };

  const listen = async context => {
    stream = await navigator.mediaDevices.getUserMedia(constraints);
    if (!isOpen) {
      stream.getTracks().forEach(track => track.stop());
      return;
    }
    // A browser that does not bring a microphone to the rate of a context gets a context of the microphone's own rate; the worklet then changes it.
    let source;
    try {
      source = context.createMediaStreamSource(stream);
    } catch (refused) {
      if (refused.name !== "NotSupportedError") throw refused;
      source = (await open()).createMediaStreamSource(stream);
    }
    const microphone = new AudioWorkletNode(source.context, "microphone", { numberOfInputs: 1, outputChannelCount: [1], channelCount: 1, channelCountMode: "explicit" });
    microphone.port.onmessage = ({ data }) => isOpen && on.frame(data.pcm, data.level);
    // Its output is silence: it runs because somebody listens to it.
    source.connect(microphone).connect(source.context.destination);
    stream.getAudioTracks()[0].onended = () => isOpen && on.silent();
  };

  try {
    // Both at once: the microphone's question, and what has to be loaded.
    const context = await open({ sampleRate: 24000 });
    await listen(context);
    const speaker = new AudioWorkletNode(context, "speaker", { numberOfInputs: 0, outputChannelCount: [1] });
    speaker.port.onmessage = ({ data }) => isOpen && on.speaker(data);
    speaker.connect(context.destination);
    const latency = () => Math.round(24000 * Math.min(1, (context.baseLatency || 0) + (context.outputLatency || 0)));
    return {
      play: (turn, pcm) => speaker.port.postMessage({ turn, pcm, latency: latency() }, [pcm]),
      end: (turn, samples) => speaker.port.postMessage({ end: turn, samples }),
      clear: turn => speaker.port.postMessage({ clear: turn }),
      close,
    };
  } catch (failure) {
    close();
    throw failure;
  }
};
