/**
 * Puts things together that are one: disjoint sets with path halving (Tarjan, van Leeuwen 1984).
 */
export class Union {
  readonly #parents = new Map<string, string>()

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)]
    // The smaller name leads, so that the order of joining changes nothing.
    if (a !== b) this.#parents.set(a < b ? b : a, a < b ? a : b)
  }

  /** The one that stands for all of its set. */
  find(member: string): string {
    let at = member
    for (
      let parent = this.#parents.get(at);
      parent !== undefined && parent !== at;
      parent = this.#parents.get(at)
    ) {
      const grand = this.#parents.get(parent) ?? parent
      this.#parents.set(at, grand)
      at = grand
    }
    return at
  }
}
