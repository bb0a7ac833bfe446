/**
 * Korean readings (Unihan kHangul) of the most common characters in names, traditional and
 * simplified: first surnames, then the characters of given names. A character with two readings is
 * listed under both.
 */
const table = `
가 賈贾嘉佳家 각 覺珏 간 簡简艮 갈 葛 감 甘 강 姜康强剛刚江鋼钢强 개 介凱凯 거 巨 건 建健乾件 검 儉俭 걸 杰傑 견 堅坚甄 겸 謙谦兼
경 慶庆景京敬卿炅鏡镜瓊琼耕 계 桂季啓启 고 高 곡 曲谷 공 孔公恭功 곽 郭 관 觀观官冠寬宽 광 光廣广匡 교 教喬乔校 구 具丘邱九求龜龟 국 國国菊 군 君軍军
권 權权 귀 貴贵 규 奎圭揆珪 균 均鈞钧 극 克極极 근 根槿近勤 금 琴今金錦锦 기 奇起基琪麒紀纪氣气璣棋 길 吉 김 金
나 羅罗那娜 난 蘭兰 남 南男 내 乃 녀 女 년 年 념 念 노 盧卢魯鲁 농 農农
단 丹段端 달 達达 담 談谈 당 唐 대 大代戴 덕 德悳 도 都道到度濤涛 독 獨独 동 東东董童同銅铜棟栋 두 杜斗 득 得
라 羅罗 락 樂乐洛 란 蘭兰 랑 郎朗 래 來来 량 梁良亮 려 呂吕麗丽 력 力 련 蓮莲連连 렬 烈 렴 廉 령 玲靈灵 례 禮礼 로 盧卢魯鲁路 록 祿禄 룡 龍龙 류 柳劉刘 륙 陸陆 륜 倫伦 률 律 리 李理利里梨莉 린 麟璘 림 林琳霖
마 馬马麻 만 萬万滿满 말 末 매 梅 맹 孟 면 勉 명 明命鳴鸣銘铭 모 毛牟 목 睦穆木 몽 夢梦 묘 妙 무 武茂務务 묵 默 문 文門门聞闻紋 미 美米薇 민 閔闵民敏旻珉玟
박 朴 반 潘班 방 方房龐庞邦芳 배 裵裴培 백 白百伯 번 范樊 범 范範范 법 法 변 卞邊边 별 別 병 炳丙秉柄兵 보 寶宝保甫普 복 福卜 봉 奉鳳凤峰 부 富夫傅 빈 賓宾彬斌 빙 氷冰
사 史謝谢 산 山 삼 三 상 尙尚相常祥上商 새 塞 서 徐西瑞書书序舒 석 石錫锡碩硕奭昔 선 善宣先鮮鲜仙璇 설 薛雪 섭 葉叶燮 성 成星盛聖圣誠诚性聲声 세 世 소 蘇苏素邵昭笑小 손 孫孙 솔 率 송 宋松頌颂 쇠 釗 수 洙秀壽寿守水樹树修洙淑銖 숙 淑肅肃 순 順顺淳舜純纯 숭 崇 승 承勝胜昇升 시 時时施柴 식 植 신 申辛信新愼慎伸 실 實实 심 沈心深
아 雅亞亚兒 안 安 암 岩 애 愛爱 야 也 양 楊杨梁陽阳洋良 어 魚鱼 엄 嚴严 여 余呂吕麗丽汝如 연 延連连燕妍娟蓮莲淵渊 열 烈說 염 廉閻阎 엽 葉叶 영 英永榮荣映泳暎迎玲寧 예 芮藝艺禮礼 오 吳吴五 옥 玉沃 온 溫温 완 完婉 왕 王旺 외 外 요 姚瑤瑶堯尧 용 龍龙勇容溶 우 禹于友宇雨祐佑 욱 旭昱煜 운 雲云運运 웅 雄熊 원 元袁遠远源媛原 월 月 위 魏韋韦偉伟威 유 柳劉刘兪俞庾有裕維维惟儒瑜由 육 陸陆 윤 尹允潤润倫伦 율 律 은 殷銀银恩垠隱 을 乙 음 陰阴 의 義义宜儀仪 이 李異怡伊利二梨 익 益翼 인 仁寅印麟 일 日一壹 임 任林 자 慈子
장 張张章蔣蒋莊庄長长璋壯 재 在宰載载才材 저 諸 적 赤 전 全田錢钱傳传 절 節 점 點 정 鄭郑丁正貞贞靜静廷政晶程精情 제 諸诸齊齐濟济 조 趙赵曺曹祖朝造 종 鍾钟宗種种 좌 左 주 朱周柱主珠株周 죽 竹 준 俊準准峻遵 중 中仲重 지 池智志芝至地枝 직 直稷 진 陳陈秦晉晋珍眞真鎭镇進进振震 집 集 징 澄
차 車车 찬 燦灿贊赞 창 昌倉仓昶彰 채 蔡采彩 처 處 천 千天川泉 철 哲鐵铁喆澈 청 淸清靑青 초 初楚草 최 崔 추 秋鄒邹 춘 春 충 忠 치 治致 칠 七
쾌 快 탁 卓鐸 탄 彈 태 太泰台 택 澤泽宅 토 土 통 通 파 坡 팔 八 패 貝 편 片 평 平 포 包 표 表彪 풍 風风豊丰 필 弼必畢毕 하 河夏荷何 학 學学鶴鹤 한 韓韩漢汉翰 함 咸 해 海 행 幸行 향 香 허 許许 헌 憲宪 혁 革赫爀 현 玄賢贤鉉铉顯显炫 협 協协 형 亨衡馨 혜 惠慧 호 浩鎬镐虎好湖胡 홍 洪弘紅红鴻鸿 화 和花華华 환 煥焕歡欢桓 황 黃黄皇 회 會会 효 孝曉晓 후 厚後后 훈 勳勋訓训薰 휘 輝辉徽 흥 興兴 희 姬姫喜熙希嬉凞曦禧
`

const readings = new Map<string, string[]>()
for (const [, reading = '', characters = ''] of table.matchAll(
  /(\p{Script=Hangul}) (\p{Script=Han}+)/gu,
)) {
  for (const character of characters) {
    const known = readings.get(character) ?? []
    if (!known.includes(reading)) readings.set(character, [...known, reading])
  }
}

const characters = new Map(
  [...table.matchAll(/(\p{Script=Hangul}) (\p{Script=Han}+)/gu)].map(
    ([, reading = '', each = '']) => [reading, [...each]],
  ),
)

/** The likeliest characters for a Korean syllable of a name, the most common first. */
export function hanjaOf(syllable: string): readonly string[] {
  return characters.get(syllable) ?? []
}

/**
 * The Korean readings of a character, the most common first; empty for a character that is not in
 * the table.
 */
export function hanjaReadings(character: string): readonly string[] {
  return readings.get(character) ?? []
}
