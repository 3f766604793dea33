// A video of the run from its first state to its last, recorded by the browser.
/** @import { Player } from "./player.js" */
import { element, find } from "../shared/elements.js";
import { eachFrame } from "./playback.js";
import { Reel, SIZE } from "./reel.js";
import { download } from "./still.js";
import { setDuration } from "./webm.js";

const LENGTH = 8000; // milliseconds
const HOLD = { first: 500, last: 1000 }; // milliseconds of the first and the last state
const LONGEST_FRAME = 250; // milliseconds; the recording pauses while the page is hidden
const RATE = 30; // frames per second
const BITS = 6_000_000; // per second
const KINDS = [
  "video/mp4;codecs=avc1.42001f", // every office program can show it on a slide
  "video/webm;codecs=vp9",
  "video/webm;codecs=vp8",
];

/** Return the kind of video that this browser can record; undefined if it records none. */
function kindOfVideo() {
  if (!globalThis.MediaRecorder || !HTMLCanvasElement.prototype.captureStream) return undefined;
  return KINDS.find((each) => MediaRecorder.isTypeSupported(each));
}

export class Video {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.kind = kindOfVideo();
    const { box, summary } = player.still;
    this.button = find(box, "video");
    this.button.hidden = !this.kind;
    this.share = find(summary, "share");
    this.saves = { ariaLabel: summary.ariaLabel, title: summary.title };
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    this.button.onclick = () => this.begin();
    summary.addEventListener("click", (event) => {
      if (!this.recorder) return;
      event.preventDefault(); // the choice stays closed
      this.cancel();
    });
    this.onHidden = () => {
      if (document.hidden) this.recorder?.pause();
      else this.recorder?.resume();
    };
  }

  begin() {
    try {
      this.record();
    } catch (error) {
      console.warn(error);
      this.button.hidden = true;
      this.cancel();
    }
    this.player.still.close();
  }

  record() {
    const { picture, scene } = this.player;
    if (!picture) return;
    const canvas = element("canvas", SIZE);
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const reel = new Reel(this.player, picture, pen);
    const wishes = { mimeType: this.kind, videoBitsPerSecond: BITS };
    const recorder = new MediaRecorder(canvas.captureStream(RATE), wishes);
    recorder.ondataavailable = ({ data }) => {
      if (this.recorder === recorder) this.save(data, scene.data.epochs[reel.last]);
    };
    recorder.onerror = () => this.cancel();
    this.recorder = recorder;
    document.addEventListener("visibilitychange", this.onHidden);
    reel.draw(0);
    recorder.start();
    this.player.say(`Recording a video of ${LENGTH / 1000} seconds.`);
    this.play(recorder, reel);
  }

  /**
   * Draw one frame after the other until the end of the recording.
   * @param {MediaRecorder} recorder
   * @param {Reel} reel
   */
  play(recorder, reel) {
    const moving = LENGTH - HOLD.first - HOLD.last;
    let played = 0;
    let drawn = 0;
    eachFrame((passed) => {
      if (this.recorder !== recorder) return false;
      played += Math.min(passed, LONGEST_FRAME);
      if (played - drawn < 900 / RATE) return true; // the screen shows more frames than the video has
      drawn = played;
      const share = Math.max(0, Math.min(1, (played - HOLD.first) / moving));
      reel.draw(share * reel.last);
      this.note(Math.min(1, played / LENGTH));
      if (played >= LENGTH) recorder.stop();
      return played < LENGTH;
    });
  }

  /**
   * Write on the button which share is recorded; null stands for no recording.
   * @param {number | null} share
   */
  note(share) {
    const { summary } = this.player.still;
    const words = share === null ? "" : `${Math.floor(100 * share)} %`;
    if (this.share.textContent === words) return;
    this.share.textContent = words;
    const ariaLabel = `Cancel the video: ${words} recorded`;
    Object.assign(summary, words ? { ariaLabel, title: "Cancel the video" } : this.saves);
  }

  cancel() {
    const { recorder } = this;
    this.end();
    if (recorder?.state !== "inactive") recorder?.stop();
  }

  end() {
    this.recorder = null;
    document.removeEventListener("visibilitychange", this.onHidden);
    this.note(null);
  }

  /**
   * @param {Blob} recorded
   * @param {number} epochs
   */
  async save(recorded, epochs) {
    this.end();
    const ending = this.kind?.includes("mp4") ? "mp4" : "webm";
    const bytes = new Uint8Array(await recorded.arrayBuffer());
    if (ending === "webm") setDuration(bytes, LENGTH);
    download(new Blob([bytes], { type: this.kind }), `tinynet-${epochs}-epochs.${ending}`);
    this.player.say("The video is saved.");
  }
}
