/**
 * What a field has asked its address to hold, until it does. An address that answers late must not take back what has been typed
 * meanwhile, and one that changes by itself (another page of the history, a filter that is taken away) is the field's new text.
 */
export class OwnWords {
  #asked: string[] = [];

  ask(word: string): void {
    this.#asked.push(word);
  }

  /** Whether this is what was asked for; all that was asked before it will not come any more. */
  areThese(word: string): boolean {
    const place = this.#asked.indexOf(word);
    this.#asked = place < 0 ? [] : this.#asked.slice(place + 1);
    return place >= 0;
  }
}
