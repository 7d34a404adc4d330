/**
 * Query parameters that say where a visitor came from, not which page is shown. Lower case.
 * A name that ends in `*` stands for all names that begin so. Collected from the advertising and
 * mail services' own documentation and from addresses seen in the wild; add a line with the service
 * that uses it, and an address to `page-key.test.ts`.
 */
export const trackingParameters: readonly string[] = [
  // Analytics
  'utm_*', // Google Analytics and everybody after it
  'ga_*',
  '_ga',
  '_gl',
  'mtm_*', // Matomo
  'matomo_*',
  'pk_*', // Piwik
  'piwik_*',
  'hsa_*', // HubSpot ads
  '_hsenc',
  '_hsmi',
  '__hssc',
  '__hstc',
  '__hsfp',
  'hsctatracking',
  's_cid', // Adobe
  's_kwcid',
  'ef_id',
  'at_medium', // AT Internet
  'at_campaign',
  'at_custom*',
  'wt_mc', // Webtrekk
  'wt_zmc',
  'wtrid',
  'sc_cid',
  'sc_channel',
  'sc_campaign',
  'cmpid',
  'cmp_id',
  'ncid',
  'nr_email_referer',
  'oly_anon_id', // Omeda
  'oly_enc_id',
  'vero_conv', // Vero
  'vero_id',
  'trk_contact', // Listrak
  'trk_msg',
  'trk_module',
  'trk_sid',
  'elqtrack', // Eloqua
  'elqtrackid',
  'elqaid',
  'elqat',
  'elqcampaignid',
  'rb_clickid',
  'wickedid', // Wicked Reports
  'soc_src',
  'soc_trk',
  '_openstat', // Openstat
  'guccounter', // Yahoo's consent redirect
  'guce_referrer',
  'guce_referrer_sig',
  'ns_mchannel', // BBC and others
  'ns_source',
  'ns_campaign',
  'ns_linkname',
  'ns_fee',
  'xtor', // AT Internet, French press
  'spm', // Alibaba
  'scm',
  'pvid',
  'algo_pvid',
  'algo_expid',
  'spm_id_from', // Bilibili
  'vd_source',
  'share_source',
  'share_medium',
  'share_plat',
  'share_session_id',
  'share_tag',
  'share_from',
  // Click identifiers
  'gclid', // Google
  'gclsrc',
  'dclid',
  'gbraid',
  'wbraid',
  'gad_source',
  'gad_campaignid',
  'srsltid',
  'fbclid', // Meta
  'fb_action_ids',
  'fb_action_types',
  'fb_ref',
  'fb_source',
  'igshid', // Instagram
  'igsh',
  'msclkid', // Microsoft
  'twclid', // X
  'ttclid', // TikTok
  'tt_medium',
  'tt_content',
  'li_fat_id', // LinkedIn
  'yclid', // Yandex
  'ysclid',
  'ymclid',
  'zanpid', // Zanox
  'irclickid', // Impact
  'irgwc',
  'epik', // Pinterest
  'rdt_cid', // Reddit
  'sccid', // Snapchat
  'scclid',
  'awc', // Awin
  'cjevent', // CJ
  'dicbo', // Outbrain
  'obclid',
  'tblci', // Taboola
  'ndclid', // Nextdoor
  'qclid', // Quora
  'admitad_uid',
  'n_media', // Naver
  'n_query',
  'n_rank',
  'n_ad_group',
  'n_ad',
  'n_keyword_id',
  'n_keyword',
  'n_campaign_type',
  'napm',
  'nacn',
  // Mail
  'mc_cid', // Mailchimp
  'mc_eid',
  'mc_tc',
  'mkt_tok', // Marketo
  '_bta_tid', // Bronto
  '_bta_c',
  '_ke', // Klaviyo
  '_kx',
  'bsft_*', // Blueshift
  'ml_subscriber', // MailerLite
  'ml_subscriber_hash',
  'ck_subscriber_id', // ConvertKit
  'dm_i', // Dotdigital
  'sfmc_id', // Salesforce
  'iterableemailcampaignid', // Iterable
  'iterabletemplateid',
  'inf_contact_key', // Infusionsoft
  'emci',
  'emdi',
  'ceid',
  'ecid',
  'mbid',
  // Sharing buttons and redirects
  'share',
  'shared_via',
  'sharer',
  'smid', // New York Times
  'smtyp',
  'partner',
  'ref_src',
  'ref_url',
  'referrer',
  'referer',
  'ocid', // Microsoft
  'icid',
  'int_cid',
  'intcid',
  'cid_source',
  '__twitter_impression',
  'amp_js_v', // AMP viewer
  'amp_gsa',
  'usqp',
  'outputtype',
  '_branch_match_id', // Branch
  '_branch_referrer',
  'rss',
  'feedtype',
  'action_object_map',
  'action_type_map',
  'action_ref_map',
  // Sessions and caches
  'phpsessid',
  'jsessionid',
  'aspsessionid',
  'sessionid',
  'session_id',
  'cfid',
  'cftoken',
  'nocache',
  'cachebuster',
  '_cb',
  'cb',
  'no_sw_cr',
];

/** What one site does with its address; the site with all its subdomains, the first match wins. */
export interface SiteAddressRule {
  /** A host; subdomains included. A trailing `.*` stands for any public suffix (`google.*`). */
  readonly site: string;
  /** Only for paths that match. */
  readonly path?: RegExp;
  /** When given, every other parameter is dropped. */
  readonly keepOnly?: readonly string[];
  /** Dropped here beside {@link trackingParameters}. */
  readonly drop?: readonly string[];
  /** The part of the path that names the page: the match's groups, joined. */
  readonly pagePath?: RegExp;
  /** Fragments that choose a page, beside `#/` and `#!`. */
  readonly fragment?: RegExp;
}

export const siteAddressRules: readonly SiteAddressRule[] = [
  { site: 'youtube.com', path: /^\/watch$/, keepOnly: ['v'] },
  { site: 'youtube.com', path: /^\/playlist$/, keepOnly: ['list'] },
  { site: 'youtube.com', drop: ['si', 'feature', 'pp', 'ab_channel', 't'] },
  { site: 'youtu.be', keepOnly: [] },
  { site: 'google.*', path: /^\/search$/, keepOnly: ['q', 'tbm', 'udm', 'start'] },
  { site: 'docs.google.com', drop: ['usp', 'pli', 'tab'], fragment: /^#gid=\d+$/ },
  { site: 'bing.com', path: /^\/search$/, keepOnly: ['q', 'first'] },
  { site: 'duckduckgo.com', keepOnly: ['q', 'ia', 'iax'] },
  { site: 'search.naver.com', keepOnly: ['query', 'where', 'start'] },
  { site: 'search.daum.net', keepOnly: ['q', 'w', 'page'] },
  { site: 'baidu.com', path: /^\/s$/, keepOnly: ['wd', 'word', 'pn'] },
  { site: 'amazon.*', pagePath: /^(?:\/[^/]+)?(\/(?:dp|gp\/product)\/[A-Z0-9]{10})/, keepOnly: [] },
  { site: 'amazon.*', path: /^\/s$/, keepOnly: ['k', 'i', 'page', 'rh', 's'] },
  {
    site: 'amazon.*',
    drop: ['ref', 'ref_', 'tag', 'qid', 'sr', 'psc', 'keywords', 'pd_rd_*', 'pf_rd_*'],
  },
  { site: 'ebay.*', pagePath: /^(\/itm)(?:\/[^/]+)?(\/\d+)/, keepOnly: ['var'] },
  { site: 'aliexpress.com', pagePath: /^(\/item\/\d+\.html)/, keepOnly: [] },
  { site: 'etsy.com', pagePath: /^(?:\/[a-z]{2})?(\/listing\/\d+)/, keepOnly: [] },
  { site: 'twitter.com', drop: ['s', 't', 'ref_src', 'cxt'] },
  { site: 'x.com', drop: ['s', 't', 'ref_src', 'cxt'] },
  { site: 'reddit.com', drop: ['share_id', 'context', 'rdt', 'chainedposts', 'correlation_id'] },
  {
    site: 'facebook.com',
    drop: ['__tn__', '__cft__*', 'mibextid', 'rdid', 'eid', 'paipv', 'sfnsn'],
  },
  { site: 'instagram.com', drop: ['img_index', 'hl'] },
  { site: 'tiktok.com', drop: ['is_from_webapp', 'sender_device', 'web_id', '_r', '_t'] },
  {
    site: 'linkedin.com',
    drop: ['trk', 'trackingid', 'refid', 'lipi', 'lici', 'originalsubdomain'],
  },
  { site: 'pinterest.*', drop: ['mt', 'nic_v2', 'nic_v3'] },
  { site: 'open.spotify.com', drop: ['si', 'nd', 'dl_branch', 'context'] },
  { site: 'medium.com', drop: ['source', 'sk', 'gi'] },
  {
    site: 'substack.com',
    drop: ['r', 's', 'isfreemail', 'publication_id', 'post_id', 'triedredirect', 'showwelcome'],
  },
  {
    site: 'nytimes.com',
    drop: [
      'smid',
      'unlocked_article_code',
      'campaign_id',
      'emc',
      'instance_id',
      'nl',
      'regi_id',
      'segment_id',
      'te',
      'user_id',
      'searchresultposition',
    ],
  },
  { site: 'theguardian.com', drop: ['cmp', 'cmp_bunit', 'cmp_tu'] },
  { site: 'washingtonpost.com', drop: ['itid', 'wpisrc', 'wpmm', 'pwapi_token', 'tid'] },
  {
    site: 'bbc.*',
    drop: [
      'at_bbc_team',
      'at_link_id',
      'at_link_origin',
      'at_link_type',
      'at_ptr_name',
      'at_format',
    ],
  },
  {
    site: 'github.com',
    drop: ['tab_source', 'notification_referrer_id', 'email_source', 'email_token'],
  },
  { site: 'stackoverflow.com', pagePath: /^(\/questions\/\d+)/, keepOnly: ['page', 'answertab'] },
  { site: 'stackexchange.com', pagePath: /^(\/questions\/\d+)/, keepOnly: ['page', 'answertab'] },
  { site: 'wikipedia.org', drop: ['wprov', 'useskin', 'veaction', 'redirect'] },
  { site: 'developer.mozilla.org', drop: ['retiredlocale'] },
  { site: 'bilibili.com', path: /^\/video\//, keepOnly: ['p'] },
  { site: 'zhihu.com', drop: ['utm_id', 'share_code', 's_s_i', 's_r'] },
  { site: 'blog.naver.com', path: /PostView/i, keepOnly: ['blogid', 'logno'] },
  {
    site: 'blog.naver.com',
    drop: ['from', 'trackingcode', 'proxyreferer', 'redirect', 'widgettypecall'],
  },
  { site: 'news.naver.com', drop: ['sid', 'cds', 'lfrom', 'ntype', 'type', 'rc'] },
  { site: 'cafe.naver.com', drop: ['art', 'tc', 'useCafeId', 'boardtype', 'where'] },
  { site: 'v.daum.net', keepOnly: ['page'] },
  { site: 'coupang.com', path: /^\/vp\/products\//, keepOnly: ['itemid', 'vendoritemid'] },
  { site: 'news.ycombinator.com', keepOnly: ['id', 'p', 'q', 'next', 'n', 'site'] },
  { site: 'imdb.com', drop: ['ref_', 'pf_rd_*'] },
  {
    site: 'booking.com',
    drop: [
      'aid',
      'label',
      'sid',
      'srpvid',
      'srepoch',
      'hpos',
      'hapos',
      'ucfs',
      'sb_price_type',
      'arphpl',
    ],
  },
  {
    site: 'airbnb.*',
    drop: [
      'source_impression_id',
      'federated_search_id',
      'previous_page_section_name',
      'search_mode',
      's',
    ],
  },
  { site: 'mail.google.com', fragment: /^#/ },
  { site: 'app.element.io', fragment: /^#/ },
  { site: 'mega.nz', fragment: /^#/ },
];
