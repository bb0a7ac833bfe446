import { ByteCursor } from './byte-cursor.ts'
import { malformed, unsupported } from './errors.ts'

/**
 * Tells which chunks with pixels viewers show. A frame outside the animation, or in a file without
 * one, would be a picture that nobody sees (PNG, third edition, §4.9 and §11.3.4).
 */
export class PngFrames {
  #frames: number | null = null
  #frame = 0
  /** Whether the pixels of the picture itself have begun, and whether they may go on. */
  #picture: 'before' | 'inside' | 'after' = 'before'
  #isInFrame = false

  get hasPixels(): boolean {
    return this.#picture !== 'before'
  }

  /**
   * Takes the chunks in their order in the file.
   * @param body only used for `acTL`
   * @throws CleaningError `UNSUPPORTED` if the first picture is not shown, but cannot be left out
   */
  shows(type: string, body: Uint8Array): boolean {
    if (type === 'IDAT') return this.#showsPicture()
    if (this.#picture === 'inside') this.#picture = 'after'
    if (type === 'acTL') return this.#startAnimation(body)
    if (type === 'fcTL') return this.#startFrame()
    return type === 'fdAT' ? this.#isInFrame : true
  }

  /** Pixels after another chunk do not belong to the picture. */
  #showsPicture(): boolean {
    if (this.#picture === 'after') return false
    if (this.#frames !== null && this.#frame === 0) throw unsupported('a picture nobody sees')
    this.#picture = 'inside'
    return true
  }

  #startAnimation(body: Uint8Array): boolean {
    if (this.#picture !== 'before' || this.#frames !== null) return false
    if (body.length !== 8) throw malformed('an animation')
    const frames = new ByteCursor(body).uint(4)
    if (frames === 0) return false
    this.#frames = frames
    return true
  }

  #startFrame(): boolean {
    const isShown = this.#frames !== null && this.#frame < this.#frames
    if (isShown) this.#frame += 1
    // The pixels of a frame that starts before the picture are those of the picture.
    this.#isInFrame = isShown && this.hasPixels
    return isShown
  }
}
