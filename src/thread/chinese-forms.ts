/**
 * Traditional characters that people also write for a character of the simplified list, besides
 * the one in the traditional list of BIP39: where simplification merged several characters, and
 * common variants. Each group is the simplified character, then the others. Chosen by hand; a test
 * shows that none of them stands for two entries.
 */
const groups = `
    为爲 众衆 群羣 里裏 线綫 台臺颱檯 峰峯 床牀 面麵麪 干乾 发髮 系係繫 钟鍾 谷穀 复復複 历曆 脏髒 获穫 尽儘 汇滙彙
    制製 卷捲 范範 启啓 说説 录録 鉴鑒 松鬆 胡鬍 须鬚 表錶 别彆 板闆 签籤 纤縴 苏甦 布佈 烟菸 尝嚐 欲慾 秋鞦 千韆
    志誌 托託 并併 闲閑 家傢 注註 赞讚 迹蹟 了瞭 冲沖 墙墻 你妳 它牠 污汙 钩鈎 借藉 鸡鷄 么麽 只隻衹 冬鼕 出齣 刮颳
    仇讎 合閤 同衕 向嚮 回迴 困睏 姜薑 局侷 岩巖嵒 弦絃 当噹 念唸 才纔 扎紮 旋鏇 核覈 梁樑 欢懽 毁燬 沈瀋 淀澱 炮砲
    炼鍊 症癥 秘祕 累纍 背揹 致緻 舍捨 蒙矇濛懞 证証 豆荳 酸痠 雕鵰彫 馆舘 鼓皷 净凈 愈癒 戏戯 教敎 既旣 清淸`

export const otherTraditionalForms: ReadonlyMap<string, readonly string[]> = new Map(
  groups
    .trim()
    .split(/\s+/u)
    .map((group) => {
      const [simplified = '', ...others] = group
      return [simplified, others]
    }),
)
