// Answers to Streamlit's calls. Streamlit imports a script for each call, so calls can arrive out
// of order; an outdated call is cleaned up at once.

const CLEAN_UP = 20; // promises in a row; Streamlit's clean-up runs after three

/** @type {WeakMap<HTMLElement, { leave?: () => void }>} */
const views = new WeakMap();

/**
 * Keep one view for a place on the page, and show it the data of each call that is not outdated.
 * @template {{ leave?: () => void }} View
 * @param {HTMLElement} place
 * @param {() => View} make
 * @param {(view: View) => void} show
 */
export function answer(place, make, show) {
  let isOvertaken = false;
  const call = async () => {
    // A timer would run only after all other pending work of the page.
    for (let turn = 0; turn < CLEAN_UP; turn += 1) await null;
    if (isOvertaken) return;
    const view = /** @type {View} */ (views.get(place) ?? make());
    views.set(place, view);
    show(view);
  };
  call();
  return () => {
    isOvertaken = true;
    if (place.isConnected) return; // a later call draws here
    views.get(place)?.leave?.();
    views.delete(place);
  };
}
