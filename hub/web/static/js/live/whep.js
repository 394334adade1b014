// WebRTC from a media server beside the hub, asked by WHEP (RFC 9725): one POST of an offer, one answer.

const PATIENCE_MS = 5000;

export const canPlayWhep = window.RTCPeerConnection !== undefined;

export class WhepPlayer {
  name = "WebRTC";

  constructor({ video, onDelay }) {
    this.video = video;
    this.onDelay = onDelay;
    this.peer = null;
    this.session = null;
    this.timer = null;
    this.finish = () => {};
  }

  async play(address) {
    const peer = new RTCPeerConnection();
    this.peer = peer;
    peer.addTransceiver("video", { direction: "recvonly" });
    const over = new Promise((resolve, reject) => {
      this.finish = resolve;
      peer.addEventListener("connectionstatechange", () => {
        if (["failed", "closed", "disconnected"].includes(peer.connectionState)) reject(new Error("whep"));
      });
      this.timer = setTimeout(() => reject(new Error("whep")), PATIENCE_MS);
    });
    peer.addEventListener("track", ({ track, streams }) => {
      this.video.srcObject = streams[0] ?? new MediaStream([track]);
      this.video.play().catch(() => {});
    });
    this.video.addEventListener("playing", () => {
      clearTimeout(this.timer);
      this.onDelay(null);
    }, { once: true });
    over.catch(() => {}); // it is waited for below, and may fail before
    await peer.setLocalDescription(await peer.createOffer());
    await this.gathered(peer);
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/sdp" }, body: peer.localDescription.sdp,
      credentials: "omit",
    });
    if (answer.status !== 201 && answer.status !== 200) throw new Error(String(answer.status));
    const place = answer.headers.get("Location");
    this.session = place ? new URL(place, address).href : null;
    await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    await over;
  }

  gathered(peer) {
    return new Promise((resolve) => {
      const look = () => { if (peer.iceGatheringState === "complete") resolve(); };
      peer.addEventListener("icegatheringstatechange", look);
      setTimeout(resolve, 1000);
      look();
    });
  }

  end() {
    clearTimeout(this.timer);
    this.peer?.close();
    if (this.session) fetch(this.session, { method: "DELETE", credentials: "omit", keepalive: true }).catch(() => {});
    this.session = null;
    this.video.srcObject = null;
    this.finish();
  }
}
