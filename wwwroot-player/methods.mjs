// Which way a stream is played, and what comes next where one does not work.

import { HlsSession } from './hls-session.mjs';
import { MseSession } from './mse-session.mjs';
import { WhepSession } from './whep-session.mjs';

const ways = {
  webrtc: { path: stream => `whep/${stream}`, make: url => new WhepSession(url), works: () => Boolean(globalThis.RTCPeerConnection) },
  mse: { path: stream => `mse/${stream}`, make: url => new MseSession(url), works: () => MseSession.isSupported },
  hls: { path: stream => `hls/${stream}/index.m3u8`, make: url => new HlsSession(url), works: () => HlsSession.isSupported },
};

export const names = { webrtc: 'WebRTC', mse: 'MSE', hls: 'HLS' };

/** A ladder of methods: the wished one alone, or for 'auto' all that this browser has, the quickest first. */
export class MethodLadder {
  #steps;
  reason = '';

  constructor(wish) {
    this.#steps = (wish in ways ? [wish] : Object.keys(ways)).filter(name => ways[name].works());
    if (!(wish in ways) && this.#steps[0] !== 'webrtc') this.reason = 'this browser has no WebRTC';
  }

  /** The method in use; undefined where the browser has none. */
  get current() { return this.#steps[0]; }
  get hasNext() { return this.#steps.length > 1; }

  /** Goes one step down; false where there is none. */
  next(reason) {
    if (!this.hasNext) return false;
    this.#steps.shift();
    this.reason = this.reason ? `${this.reason}; ${reason}` : reason;
    return true;
  }

  /** key: the token of a signed link (k=…), or ''. */
  open(server, stream, key = '') {
    const way = ways[this.current];
    return way.make(`${server.replace(/\/+$/, '')}/${way.path(encodeURIComponent(stream))}${key ? '?k=' + encodeURIComponent(key) : ''}`);
  }
}
