/** Joins items into disjoint sets: union-find with path halving (Tarjan, van Leeuwen 1984). */
export class Union {
  readonly #parents = new Map<string, string>()

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)]
    // The smaller name represents the set, so that the result does not depend on the order of
    // joins.
    if (a !== b) this.#parents.set(a < b ? b : a, a < b ? a : b)
  }

  /** The member that represents the set of `member`. */
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
