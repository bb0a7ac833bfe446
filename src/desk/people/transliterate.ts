/** Uyghur in Arabic letters to Uyghur Latin (ULY). */
const arabic: Readonly<Record<string, string>> = {
  ا: 'a', ە: 'e', ب: 'b', پ: 'p', ت: 't', ج: 'j', چ: 'ch', خ: 'h', د: 'd', ر: 'r', ز: 'z', ژ: 'zh', س: 's', ش: 'sh', غ: 'gh', ف: 'f', ق: 'q',
  ك: 'k', گ: 'g', ڭ: 'ng', ل: 'l', م: 'm', ن: 'n', ھ: 'h', ه: 'h', و: 'o', ۇ: 'u', ۆ: 'o', ۈ: 'u', ۋ: 'w', ې: 'e', ى: 'i', ي: 'y', ئ: '',
}

/** Russian and Uyghur Cyrillic. */
const cyrillic: Readonly<Record<string, string>> = {
  а: 'a', ә: 'e', б: 'b', в: 'w', г: 'g', ғ: 'gh', д: 'd', е: 'e', ё: 'yo', ж: 'j', җ: 'j', з: 'z', и: 'i', й: 'y', к: 'k', қ: 'q', л: 'l', м: 'm',
  н: 'n', ң: 'ng', о: 'o', ө: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ү: 'u', ф: 'f', х: 'h', һ: 'h', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sh',
  ъ: '', ы: 'i', ь: '', э: 'e', ю: 'yu', я: 'ya',
}

/** Letter by letter; what is in neither table stays. */
export function transliterate(text: string): string {
  return Array.from(text.toLowerCase(), (letter) => arabic[letter] ?? cyrillic[letter] ?? letter).join('')
}
