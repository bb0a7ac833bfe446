import { describe, expect, it } from 'vitest'
import { cleanFile } from '../../src/cleaning/clean.ts'
import {
  clean,
  expectLeftAlone,
  expectNothingFound,
  hasSecret,
  pictureNames,
  readPicture,
} from './pictures.ts'
import { digestPixels, hasAll, readTags } from './tools.ts'

const planted = pictureNames.filter((name) => !name.startsWith('plain'))
const plain = pictureNames.filter((name) => name.startsWith('plain'))

const canReadTags = hasAll('what exiftool finds in cleaned pictures', 'exiftool')
const canShow = hasAll('what cleaned pictures show', 'identify', 'heif-convert')

/** Tags that belong to the picture itself or to the examined file. Any other tag fails the test. */
const harmless = [
  /^SourceFile=|^(?:ExifTool|System|File|Composite):/,
  /^JFIF:(?:JFIFVersion|ResolutionUnit|[XY]Resolution)=/,
  /^IFD0:Orientation=/,
  /^PNG:(?:Image(?:Width|Height)|BitDepth|ColorType|Compression|Filter|Interlace|ProfileName=icc$)/,
  /^GIF:(?:GIFVersion|Image(?:Width|Height)|HasColorMap|ColorResolutionDepth|BitsPerPixel|BackgroundColor|AnimationIterations|FrameCount|Duration)=/,
  /^RIFF:(?:WebP_Flags|VP8Version|Image(?:Width|Height)|(?:Horizontal|Vertical)Scale|BackgroundColor|AnimationLoopCount|FrameCount|Duration)=/,
  /^ICC-header:(?:ProfileVersion|ProfileClass|ColorSpaceData|ProfileConnectionSpace|ProfileFileSignature=acsp|CMMFlags|DeviceAttributes|RenderingIntent|ConnectionSpaceIlluminant)/,
  /^ICC-header:(?:ProfileCMMType=|DeviceManufacturer=|DeviceModel=|ProfileCreator=|ProfileID=0|ProfileDateTime=0000:00:00 00:00:00|PrimaryPlatform=Unknown \(\))$/,
  /^ICC_Profile:(?:(?:Red|Green|Blue)(?:MatrixColumn|TRC)|MediaWhitePoint)=/,
  /^ICC_Profile:Profile(?:Description|Copyright)=$/,
  /^QuickTime:(?:MajorBrand|MinorVersion|CompatibleBrands|HandlerType=Picture|ColorProfiles|ColorPrimaries|TransferCharacteristics|MatrixCoefficients|VideoFullRangeFlag)/,
  /^QuickTime:(?:(?:HEVC|AV1)ConfigurationVersion|General|GenProfile|Constraint|MinSpatial|Parallelism|Chroma|BitDepth|AverageFrame|ConstantFrame|NumTemporal|TemporalID)/,
  /^QuickTime:(?:Seq(?:Profile|LevelIdx0|Tier0)|HighBitDepth|TwelveBit|InitialDelaySamples|Image(?:SpatialExtent|PixelDepth)|MediaData(?:Size|Offset)?)=/,
  /^Meta:(?:PrimaryItemReference|MetaImageSize)=/,
]

describe('cleanFile', () => {
  describe.each(planted)('of %s', (name) => {
    it('leaves no hidden text', async () => {
      expect(hasSecret(readPicture(name))).toBe(true)
      const { outcome, bytes } = await clean(readPicture(name))
      expect({ outcome, hasSecret: hasSecret(bytes) }).toEqual({
        outcome: 'removed',
        hasSecret: false,
      })
    })

    it('finds nothing more in a cleaned picture', async () => {
      await expectNothingFound((await clean(readPicture(name))).bytes)
    })

    it.skipIf(!canReadTags)(
      'leaves no place, time, device or program that exiftool finds',
      async () => {
        const before = await readTags(name, readPicture(name))
        expect(before.filter((tag) => tag.includes('TUMEN-SECRET'))).not.toEqual([])
        const after = await readTags(name, (await clean(readPicture(name))).bytes)
        expect(after.filter((tag) => !harmless.some((pattern) => pattern.test(tag)))).toEqual([])
        expect(after.filter((tag) => /:(?:Orientation|Rotation)=/.test(tag))).toEqual(
          before.filter((tag) => /:(?:Orientation=Rotate|Rotation=)/.test(tag)),
        )
        expect(after.filter((tag) => /^ExifTool:(?:Error|Warning)/.test(tag))).toEqual([])
      },
    )

    it.skipIf(!canShow)('changes no pixel', async () => {
      expect(await digestPixels(name, (await clean(readPicture(name))).bytes)).toBe(
        await digestPixels(name, readPicture(name)),
      )
    })
  })

  it.each(plain)('finds nothing in %s', async (name) => {
    await expectNothingFound(readPicture(name))
  })

  it('ignores the name and the declared type', async () => {
    const { outcome } = await cleanFile(
      new Blob([readPicture('camera.jpg')], { type: 'application/pdf' }),
      'camera.pdf',
    )
    expect(outcome).toBe('removed')
  })

  it.each([
    ['nothing', ''],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n'],
    ['an Office file', 'PK\x03\x04\x14\0\x06\0'],
    ['a video', '\0\0\0\x18ftypmp42\0\0\0\0mp42isom'],
    ['a video with the name of a picture', '\0\0\0\x18ftypmp42\0\0\0\0heicmif1'],
    ['a sequence of pictures', '\0\0\0\x18ftypmsf1\0\0\0\0heicmif1'],
    ['a TIFF file', 'II*\0\x08\0\0\0'],
    ['eleven bytes of a picture', 'RIFF\x04\0\0\0WEB'],
  ])('leaves %s alone', async (_, start) => {
    await expectLeftAlone(Buffer.from(start, 'latin1'))
  })

  it("passes on the platform's error for a file that is gone", async () => {
    const gone = new Blob(['\xff\xd8\xff'])
    gone.slice = () =>
      Object.assign(new Blob(), {
        arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')),
      })
    await expect(cleanFile(gone)).rejects.toThrow('gone')
  })

  it('leaves alone a file that has become shorter', async () => {
    const shorter = new Blob([readPicture('camera.jpg')])
    shorter.slice = (start = 0) => new Blob([readPicture('camera.jpg').subarray(start, 100)])
    expect(await cleanFile(shorter)).toEqual({
      outcome: 'cannot_be_removed',
      content: shorter,
      remark: 'damaged',
    })
  })
})
