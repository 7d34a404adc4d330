/** Hits that the popup shows of a search by words before all others, at each keystroke. */
export const firstHits = 8;
/** All hits that it shows; the others are asked for once the first are painted. */
export const allHits = 20;
