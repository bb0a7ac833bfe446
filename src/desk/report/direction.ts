const strong =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|\p{L}/u
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** What `dir="auto"` does in HTML: the first letter decides. */
export function isRightToLeft(text: string): boolean {
  const [first] = strong.exec(text) ?? []
  return first !== undefined && rightToLeft.test(first)
}
