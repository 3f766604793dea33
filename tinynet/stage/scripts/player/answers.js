// The predictions of the network: dots, bars, the coloured plane, a curve through the points, or
// pictures.
// Blue is above zero, or class 1; orange is below zero, or class 0. In multiclass tasks each class
// has its own colour and shape.
/** @import { Picture } from "./picture.js" */
import { drawBars, drawShares } from "./bars.js";
import { drawDots } from "./dots.js";
import { isMulticlass } from "./film.js";
import { drawGallery } from "./gallery.js";
import { drawCurve, drawPlane } from "./plane.js";

/** @param {Picture} picture */
export function drawAnswers(picture) {
  const { maps, dots, pictures } = picture.scene;
  if (pictures) drawGallery(picture, pictures);
  else if (dots) drawDots(picture, dots);
  else if (maps) (maps.dimensions === 2 ? drawPlane : drawCurve)(picture, maps);
  else (isMulticlass(picture.data) ? drawShares : drawBars)(picture);
}
