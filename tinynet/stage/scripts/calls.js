// How the scripts of the components answer Streamlit. It loads a script for each call, so that a call
// may come after one that was made later; it then cleans up at once what it has overtaken.

const CLEAN_UP = 20; // promises in a row; Streamlit's clean-up comes after three
const views = new WeakMap();

/** Keep one view for a place of the page, and show it what a call brings, unless it was overtaken. */
export function answer(place, View, show) {
  let isOvertaken = false;
  const call = async () => {
    // A timer would do, but come only after whatever else the page has to do by then.
    for (let turn = 0; turn < CLEAN_UP; turn += 1) await null;
    if (isOvertaken) return;
    const view = views.get(place) ?? new View(place);
    views.set(place, view);
    show(view);
  };
  call();
  return () => {
    isOvertaken = true;
    if (place.isConnected) return; // the place stands, and a later call has its word
    views.get(place)?.leave?.();
    views.delete(place);
  };
}

