#!/usr/bin/env bash
# Makes the pictures in this folder. Needs Debian's imagemagick, libimage-exiftool-perl, webp and libheif-examples.
# Every place for hidden text holds one that begins with TUMEN-SECRET; place, time and device are those below.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
imagemagick=$(command -v magick || command -v convert-im6.q16)

node --no-warnings make-profile.ts "$work/screen.icc"
"$imagemagick" -size 64x48 -seed 3 plasma:red-blue -alpha off -depth 8 "$work/base.png"
exiftool -q -all= -overwrite_original "$work/base.png"
"$imagemagick" "$work/base.png" -strip -interlace none -sampling-factor 4:2:0 -quality 60 "$work/base.jpg"
"$imagemagick" "$work/base.png" -strip -interlace JPEG -quality 60 "$work/progressive.jpg"
"$imagemagick" "$work/base.png" -strip -resize 32x24 -quality 30 "$work/thumbnail.jpg"
exiftool -q -overwrite_original -EXIF:Software='TUMEN-SECRET thumbnail' "$work/thumbnail.jpg"

exif=(
  -EXIF:Make='TUMEN-SECRET make' -EXIF:Model='TUMEN-SECRET model' -EXIF:Software='TUMEN-SECRET software'
  -EXIF:Artist='TUMEN-SECRET artist' -EXIF:Copyright='TUMEN-SECRET copyright' -EXIF:ImageDescription='TUMEN-SECRET description'
  -EXIF:UserComment='TUMEN-SECRET comment' -EXIF:OwnerName='TUMEN-SECRET owner' -EXIF:SerialNumber='TUMEN-SECRET serial'
  -EXIF:LensSerialNumber='TUMEN-SECRET lens' -EXIF:XPComment='TUMEN-SECRET wide'
  -EXIF:DateTimeOriginal='2017:11:04 08:09:10' -EXIF:OffsetTimeOriginal='+09:00'
  -EXIF:GPSLatitude=41.7963 -EXIF:GPSLatitudeRef=N -EXIF:GPSLongitude=123.4290 -EXIF:GPSLongitudeRef=E
  -EXIF:GPSDateStamp='2017:11:04' -EXIF:GPSProcessingMethod='TUMEN-SECRET method'
)
xmp=(-XMP-dc:Creator='TUMEN-SECRET creator' -XMP-photoshop:City='TUMEN-SECRET city' -XMP-xmp:CreatorTool='TUMEN-SECRET tool'
  -XMP-xmp:CreateDate='2017:11:04 08:09:10' -XMP-exif:GPSLatitude=41.7963)
iptc=(-IPTC:City='TUMEN-SECRET city' -IPTC:By-line='TUMEN-SECRET byline')

plant() { exiftool -q -q -overwrite_original "${exif[@]}" "${xmp[@]}" "$@"; }

cp "$work/base.jpg" camera.jpg
plant "${iptc[@]}" -Comment='TUMEN-SECRET comment' -ThumbnailImage\<="$work/thumbnail.jpg" -ICC_Profile\<="$work/screen.icc" \
  -EXIF:Orientation#=6 camera.jpg
cp "$work/progressive.jpg" progressive.jpg
plant "${iptc[@]}" -Photoshop:all= -EXIF:Orientation#=1 progressive.jpg
cp "$work/base.jpg" plain.jpg

"$imagemagick" "$work/base.png" -strip -resize 32x24 -set TUMEN-KEY 'TUMEN-SECRET text' "$work/small.png"
cp "$work/small.png" camera.png
plant -PNG:Author='TUMEN-SECRET author' -PNG:Comment='TUMEN-SECRET comment' -PNG:ModifyDate='2017:11:04 08:09:10' \
  -ICC_Profile\<="$work/screen.icc" -EXIF:Orientation#=8 camera.png
"$imagemagick" "$work/small.png" -strip -define png:exclude-chunks=date,time plain.png

cwebp -quiet -q 40 "$work/base.png" -o plain.webp
cp plain.webp camera.webp
plant -ICC_Profile\<="$work/screen.icc" -EXIF:Orientation#=3 camera.webp
cwebp -quiet -lossless -resize 32 24 "$work/base.png" -o lossless.webp
plant lossless.webp

"$imagemagick" -size 16x12 xc:red xc:blue -delay 20 -loop 0 -set comment 'TUMEN-SECRET comment' animated.gif
exiftool -q -q -overwrite_original "${xmp[@]}" animated.gif
gif2webp -quiet animated.gif -o animated.webp
plant animated.webp

heif-enc -q 40 -o plain.heic "$work/base.png" >/dev/null
cp plain.heic camera.heic
plant camera.heic
heif-enc -A -q 40 -o plain.avif "$work/base.png" >/dev/null
cp plain.avif camera.avif
plant camera.avif
