// A living picture: the player in a file of its own, without a server.
/** @import { FunctionTable } from "../types" */
import { erf } from "../player/field.js";
import { Player } from "../player/player.js";
import { find } from "../shared/elements.js";
import { unpack } from "../shared/message.js";
import { listen } from "./copy.js";
import { onMore } from "./more.js";
import { restored, unpacked } from "./unpack.js";

/** @param {(erfOf: typeof erf) => FunctionTable} functions the functions of the registry */
export async function begin(functions) {
  listen();
  const message = unpack(restored(await unpacked("film")));
  const player = new Player(find(document, "living"), functions(erf), message);
  player.take(message);
  onMore((bytes) => {
    const more = unpack(restored(bytes));
    player.take(more);
    return more;
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => player.draw());
}
