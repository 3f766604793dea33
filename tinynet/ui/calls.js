// How the scripts of the components answer Streamlit. It loads a script anew for each call, so that a
// call may come after one that was made later; it then cleans up at once what it has overtaken.

const views = new WeakMap();

/** Keep one view for a place of the page, and show it what a call brings, unless it was overtaken. */
export function answer(place, View, show) {
  const call = setTimeout(() => {
    const view = views.get(place) ?? new View(place);
    views.set(place, view);
    show(view);
  });
  return () => {
    clearTimeout(call);
    if (place.isConnected) return; // the place stands, and a later call has its word
    views.get(place)?.leave?.();
    views.delete(place);
  };
}

