/**
 * Kinds of places, from wide to narrow: a tip that names a town and its province means the town.
 */
export type PlaceKind = 'province' | 'prefecture' | 'city' | 'county' | 'site'

/** One place of the gazetteer, with every name that reports and tips use for it. */
export interface GazetteerPlace {
  /** Stable and public: `cn-shenyang`. An id is never reused for another place. */
  readonly id: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly kind: PlaceKind
  /** Id of the province, prefecture or city that contains the place; null for the widest places. */
  readonly within: string | null
  /** The Latin name that reports print. */
  readonly latin: string
  readonly otherLatin: readonly string[]
  /** Korean names, the most common first. */
  readonly hangul: readonly string[]
  /** Chinese names: simplified, then traditional. */
  readonly han: readonly string[]
}

/*
 * A short list made for this program. Spellings follow the official Pinyin names of China's
 * divisions, the usual McCune-Reischauer spellings of North Korean places in UN and NGO reports,
 * and the Korean names in South Korean reporting: the Sino-Korean reading (심양) and the
 * transcription (선양).
 * The selection follows published reports about forced returns:
 *   HRW, "China: Don't Force 8 Refugees Back to North Korea" (23 April 2017): Shenyang, Liaoning;
 *   HRW, "Facing Prison Camp for Fleeing North Korea" (8 November 2017): Shenyang;
 *   Amnesty International ASA 17/006/2012: Shenyang, Changchun, Tumen;
 *   UN COI on the DPRK, A/HRC/25/CRP.1 (2014), chapters IV.B to IV.D: crossings at Tumen, Dandong,
 *   Hoeryong, Onsong and Sinuiju, and the camps and prisons listed below;
 *   KINU, "White Paper on Human Rights in North Korea": prisons of re-education (kyohwaso).
 *
 * One line per place: id; kind; within; Latin names; Korean names; Chinese names.
 */
const table = `
cn-liaoning; province; ; Liaoning; 랴오닝,료녕,요녕,요령; 辽宁,遼寧
cn-jilin; province; ; Jilin Province,Jilin; 지린성,길림성; 吉林省
cn-heilongjiang; province; ; Heilongjiang; 헤이룽장,흑룡강; 黑龙江,黑龍江
cn-inner-mongolia; province; ; Inner Mongolia,Nei Mongol,Neimenggu; 내몽골,내몽고,네이멍구; 内蒙古,內蒙古
cn-hebei; province; ; Hebei; 허베이,하북; 河北
cn-shandong; province; ; Shandong; 산둥,산동; 山东,山東
cn-yunnan; province; ; Yunnan; 윈난,운남; 云南,雲南
cn-guangxi; province; ; Guangxi; 광시,광서; 广西,廣西
cn-guangdong; province; ; Guangdong; 광둥,광동; 广东,廣東
cn-sichuan; province; ; Sichuan; 쓰촨,사천성; 四川
cn-xinjiang; province; ; Xinjiang,Shinjang,East Turkistan; 신장위구르,신장자치구; 新疆
cn-tibet; province; ; Tibet,Xizang; 티베트,시짱; 西藏
cn-beijing; city; ; Beijing,Peking; 베이징,북경; 北京
cn-tianjin; city; ; Tianjin; 톈진,천진; 天津
cn-shanghai; city; ; Shanghai; 상하이,상해; 上海
cn-chongqing; city; ; Chongqing; 충칭,중경; 重庆,重慶
cn-shenyang; city; cn-liaoning; Shenyang,Mukden; 선양,심양; 沈阳,瀋陽,沈陽
cn-dalian; city; cn-liaoning; Dalian,Dairen; 다롄,대련,따렌,따리엔; 大连,大連
cn-dandong; city; cn-liaoning; Dandong,Tantung; 단둥,단동; 丹东,丹東
cn-donggang; city; cn-dandong; Donggang; 둥강,동강시; 东港,東港
cn-kuandian; county; cn-dandong; Kuandian; 콴뎬,관전현; 宽甸,寬甸
cn-fushun; city; cn-liaoning; Fushun; 푸순,무순; 抚顺,撫順
cn-benxi; city; cn-liaoning; Benxi; 번시,본계; 本溪
cn-anshan; city; cn-liaoning; Anshan; 안산시,안샨; 鞍山
cn-yingkou; city; cn-liaoning; Yingkou; 잉커우,영구시; 营口,營口
cn-jinzhou; city; cn-liaoning; Jinzhou; 진저우,금주시; 锦州,錦州
cn-tieling; city; cn-liaoning; Tieling; 톄링,철령; 铁岭,鐵嶺
cn-changchun; city; cn-jilin; Changchun; 창춘,장춘; 长春,長春
cn-jilin-city; city; cn-jilin; Jilin City,Kirin City; 지린시,길림시; 吉林市
cn-tonghua; city; cn-jilin; Tonghua; 퉁화,통화시; 通化
cn-jian; city; cn-tonghua; Ji'an,Jian; 지안,집안시; 集安
cn-baishan; city; cn-jilin; Baishan; 바이산,백산시; 白山市
cn-linjiang; city; cn-baishan; Linjiang; 린장,임강,림강; 临江,臨江
cn-changbai; county; cn-baishan; Changbai; 창바이,장백; 长白,長白
cn-siping; city; cn-jilin; Siping; 쓰핑,사평; 四平
cn-yanbian; prefecture; cn-jilin; Yanbian,Yonbyon Korean Autonomous Prefecture; 옌볜,연변; 延边,延邊
cn-yanji; city; cn-yanbian; Yanji,Yenchi,Yongil; 옌지,연길; 延吉
cn-tumen; city; cn-yanbian; Tumen City,Tumen; 투먼,도문; 图们,圖們
cn-longjing; city; cn-yanbian; Longjing; 룽징,용정,룡정; 龙井,龍井
cn-hunchun; city; cn-yanbian; Hunchun; 훈춘; 珲春,琿春
cn-helong; city; cn-yanbian; Helong; 허룽,화룡; 和龙,和龍
cn-antu; county; cn-yanbian; Antu; 안투,안도현; 安图,安圖
cn-wangqing; county; cn-yanbian; Wangqing; 왕칭,왕청; 汪清
cn-dunhua; city; cn-yanbian; Dunhua; 둔화,돈화; 敦化
cn-tumen-border-detention; site; cn-tumen; Tumen border detention facility,Tumen detention center,Tumen detention centre,Tumen border detention center; 도문변방수용소,도문변방구류소,투먼변방대수용소,도문구류소,투먼 수용소,도문 수용소; 图们边防看守所,图们边防拘留所,图们看守所
cn-dandong-detention; site; cn-dandong; Dandong detention center,Dandong detention centre,Dandong detention facility; 단둥구류소,단동구류소,단둥 수용소,단동 수용소; 丹东看守所,丹东市看守所
cn-harbin; city; cn-heilongjiang; Harbin; 하얼빈,할빈; 哈尔滨,哈爾濱
cn-mudanjiang; city; cn-heilongjiang; Mudanjiang; 무단장,목단강; 牡丹江
cn-jiamusi; city; cn-heilongjiang; Jiamusi; 자무쓰,가목사; 佳木斯
cn-suifenhe; city; cn-mudanjiang; Suifenhe; 쑤이펀허,수분하; 绥芬河,綏芬河
cn-hohhot; city; cn-inner-mongolia; Hohhot,Huhehaote; 후허하오터,호화호특; 呼和浩特
cn-erenhot; city; cn-inner-mongolia; Erenhot,Erlianhaote,Erlian; 얼롄,얼롄하오터,이련호특; 二连浩特,二連浩特,二连
cn-shijiazhuang; city; cn-hebei; Shijiazhuang; 스자좡,석가장; 石家庄,石家莊
cn-qingdao; city; cn-shandong; Qingdao,Tsingtao; 칭다오,청도; 青岛,青島
cn-yantai; city; cn-shandong; Yantai; 옌타이,연태; 烟台,煙台
cn-weihai; city; cn-shandong; Weihai; 웨이하이,위해시; 威海
cn-kunming; city; cn-yunnan; Kunming; 쿤밍,곤명; 昆明
cn-xishuangbanna; prefecture; cn-yunnan; Xishuangbanna,Sipsongpanna; 시솽반나,서쌍판납; 西双版纳,西雙版納
cn-jinghong; city; cn-xishuangbanna; Jinghong; 징훙,경홍; 景洪
cn-mohan; city; cn-xishuangbanna; Mohan; 모한; 磨憨
cn-hekou; county; cn-yunnan; Hekou; 허커우,하구현; 河口县,河口瑶族自治县
cn-ruili; city; cn-yunnan; Ruili; 루이리,서려시; 瑞丽,瑞麗
cn-nanning; city; cn-guangxi; Nanning; 난닝,남녕; 南宁,南寧
cn-pingxiang-guangxi; city; cn-guangxi; Pingxiang; 핑샹,빙상; 凭祥,憑祥
cn-dongxing; city; cn-guangxi; Dongxing; 둥싱,동흥; 东兴,東興
cn-fangchenggang; city; cn-guangxi; Fangchenggang; 팡청강,방성항; 防城港
cn-guangzhou; city; cn-guangdong; Guangzhou,Canton; 광저우; 广州,廣州
cn-chengdu; city; cn-sichuan; Chengdu; 청두,성도시; 成都
cn-urumqi; city; cn-xinjiang; Urumqi,Wulumuqi; 우루무치; 乌鲁木齐,烏魯木齊
cn-kashgar; city; cn-xinjiang; Kashgar,Kashi; 카슈가르,카스시; 喀什
cn-hotan; city; cn-xinjiang; Hotan,Khotan,Hetian; 호탄,허톈; 和田
cn-lhasa; city; cn-tibet; Lhasa,Lasa; 라싸; 拉萨,拉薩
kp-north-pyongan; province; ; North Pyongan; 평안북도,평북; 平安北道
kp-south-pyongan; province; ; South Pyongan; 평안남도,평남; 平安南道
kp-chagang; province; ; Chagang; 자강도; 慈江道
kp-ryanggang; province; ; Ryanggang,Yanggang; 량강도,양강도; 两江道,兩江道
kp-north-hamgyong; province; ; North Hamgyong; 함경북도,함북; 咸镜北道,咸鏡北道
kp-south-hamgyong; province; ; South Hamgyong; 함경남도,함남; 咸镜南道,咸鏡南道
kp-pyongyang; city; ; Pyongyang,P'yongyang; 평양; 平壤
kp-sinuiju; city; kp-north-pyongan; Sinuiju,Shinuiju; 신의주; 新义州,新義州
kp-uiju; county; kp-north-pyongan; Uiju; 의주군; 义州郡,義州郡
kp-manpo; city; kp-chagang; Manpo; 만포; 满浦,滿浦
kp-kanggye; city; kp-chagang; Kanggye; 강계; 江界
kp-hyesan; city; kp-ryanggang; Hyesan; 혜산; 惠山市,惠山
kp-samjiyon; city; kp-ryanggang; Samjiyon; 삼지연; 三池渊,三池淵
kp-taehongdan; county; kp-ryanggang; Taehongdan; 대홍단; 大红湍,大紅湍
kp-pochon; county; kp-ryanggang; Pochon; 보천군,보천보; 普天郡
kp-musan; county; kp-north-hamgyong; Musan; 무산군,무산; 茂山
kp-hoeryong; city; kp-north-hamgyong; Hoeryong,Hoeryeong; 회령; 会宁,會寧
kp-onsong; county; kp-north-hamgyong; Onsong; 온성; 稳城,穩城
kp-namyang; city; kp-onsong; Namyang; 남양구,온성 남양; 南阳区,南陽區
kp-kyongwon; county; kp-north-hamgyong; Kyongwon,Saebyol; 경원군,새별군; 庆源郡,慶源郡
kp-kyonghung; county; kp-north-hamgyong; Kyonghung,Undok; 경흥군,은덕군; 庆兴郡,慶興郡
kp-rason; city; ; Rason,Rajin,Najin,Rajin-Sonbong; 라선,나선,라진,나진; 罗先,羅先,罗津,羅津
kp-chongjin; city; kp-north-hamgyong; Chongjin,Ch'ongjin; 청진; 清津
kp-hamhung; city; kp-south-hamgyong; Hamhung; 함흥; 咸兴,咸興
kp-wonsan; city; ; Wonsan; 원산; 元山
kp-kyohwaso-1; site; kp-south-pyongan; Kaechon kyohwaso,Kyohwaso No. 1,Kyo-hwa-so No. 1; 개천교화소,1호교화소; 价川教化所
kp-kyohwaso-12; site; kp-hoeryong; Jongori kyohwaso,Chongori,Jongo-ri,Jeongeo-ri,Kyohwaso No. 12,Kyo-hwa-so No. 12; 전거리,전거리교화소,12호교화소; 全巨里
kp-camp-14; site; kp-south-pyongan; Camp 14,Kaechon political prison camp,Kwanliso No. 14; 14호관리소,개천정치범수용소; 14号管理所
kp-camp-15; site; kp-south-hamgyong; Camp 15,Yodok,Yodeok,Kwanliso No. 15; 요덕,15호관리소; 耀德
kp-camp-16; site; kp-north-hamgyong; Camp 16,Hwasong political prison camp,Kwanliso No. 16; 16호관리소,화성정치범수용소; 16号管理所
kp-camp-18; site; kp-south-pyongan; Camp 18,Pukchang,Bukchang,Kwanliso No. 18; 18호관리소,북창관리소; 18号管理所
kp-camp-25; site; kp-chongjin; Camp 25,Susong,Kwanliso No. 25; 25호관리소,수성교화소,수성관리소; 25号管理所
la-vientiane; city; ; Vientiane; 비엔티안,위앙짠; 万象,萬象
la-luang-namtha; city; ; Luang Namtha; 루앙남타; 琅南塔
la-boten; city; la-luang-namtha; Boten; 보텐; 磨丁
vn-hanoi; city; ; Hanoi,Ha Noi; 하노이; 河内,河內
vn-mong-cai; city; ; Mong Cai; 몽까이; 芒街
vn-lang-son; city; ; Lang Son; 랑선; 谅山,諒山
mm-tachileik; city; ; Tachileik; 타치레익,따칠렉; 大其力
mm-muse; city; ; Muse Township,Muse Myanmar; 무세; 木姐
th-bangkok; city; ; Bangkok; 방콕; 曼谷
th-chiang-rai; city; ; Chiang Rai; 치앙라이; 清莱,清萊
th-mae-sai; city; th-chiang-rai; Mae Sai; 매사이; 湄赛,美塞
th-chiang-saen; city; th-chiang-rai; Chiang Saen; 치앙센,치앙샌; 清盛
mn-ulaanbaatar; city; ; Ulaanbaatar,Ulan Bator; 울란바토르; 乌兰巴托,烏蘭巴托
mn-zamyn-uud; city; ; Zamyn-Uud,Zamyn Uud; 자민우드; 扎门乌德
ru-vladivostok; city; ; Vladivostok; 블라디보스토크,울라지보스또크; 符拉迪沃斯托克,海参崴
ru-khabarovsk; city; ; Khabarovsk; 하바롭스크,하바로브스크; 哈巴罗夫斯克,伯力
ru-ussuriysk; city; ; Ussuriysk; 우수리스크; 乌苏里斯克,双城子
ru-khasan; city; ; Khasan; 하산역,핫산; 哈桑
`

export const gazetteer: readonly GazetteerPlace[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', kind = '', within = '', latin = '', hangul = '', han = ''] = line
      .split(';')
      .map((cell) => cell.trim())
    const [firstLatin = '', ...otherLatin] = latin.split(',')
    return {
      id,
      country: id.slice(0, 2).toUpperCase(),
      kind: kind as PlaceKind,
      within: within === '' ? null : within,
      latin: firstLatin,
      otherLatin,
      hangul: hangul.split(','),
      han: han.split(','),
    }
  })

export const placesById: ReadonlyMap<string, GazetteerPlace> = new Map(
  gazetteer.map((place) => [place.id, place]),
)
