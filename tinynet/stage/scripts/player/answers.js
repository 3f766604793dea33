// What the network answers: dots, bars, the plane in the colours of its answers, or a curve through the
// points. Blue is above zero, or a 1; orange is below, or a 0. Each of several classes has a colour and a
// shape of its own.
/** @import { Picture } from "./picture.js" */
import { drawBars, drawShares } from "./bars.js";
import { drawDots } from "./dots.js";
import { isMulticlass } from "./film.js";
import { drawCurve, drawPlane } from "./plane.js";

/** @param {Picture} picture */
export function drawAnswers(picture) {
  const { maps, dots } = picture.scene;
  if (dots) drawDots(picture, dots);
  else if (maps) (maps.dimensions === 2 ? drawPlane : drawCurve)(picture, maps);
  else (isMulticlass(picture.data) ? drawShares : drawBars)(picture);
}
