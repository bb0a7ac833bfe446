/** The part of the untyped package `edtf` that serves as an oracle here. */
declare module 'edtf' {
  const edtf: (text: string) => { min: number; max: number }
  export default edtf
}
