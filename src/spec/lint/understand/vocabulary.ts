/** Words by which people say what matters in a launch document. Case never counts. English, with the Japanese of real runbooks. */
export const vocabulary = {
  undo: /\b(?:roll(?:ing|ed)?[ -]?back|rollback|revert(?:s|ed|ing)?|undo(?:ing|es)?|(?<!cannot be )(?<!not be )undone|back[ -]?out|fail[ -]?back|restore (?:the )?(?:previous|old|legacy)|yank|withdraw|retract|downgrade)\b|ロールバック|切り戻し|差し戻し/i,
  verify:
    /\b(?:verif(?:y|ies|ied|ying|ication)|check(?:s|ed|ing)?|confirm(?:s|ed|ing)?|validat(?:e|es|ed|ing|ion)|ensure|make sure|smoke[ -]?tests?|health[ -]?checks?|inspect|compare|checksum|reconcil\w+|should (?:see|show|be|now|return)|expect(?:ed|s)?|monitor|watch|observe|test(?:s|ed|ing)?)\b|確認/i,
  stop: /\b(?:stop(?: condition| if|:)|abort|halt|hold(?: and| if)|do not (?:proceed|continue)|bail out|criteri(?:a|on) for rollback|rollback (?:criteri|trigger)|if (?:any|the|this|it|a|an|\w+)(?: \w+){0,6} (?:fails?|failed|is not|spikes?|exceeds?|goes? wrong|goes? sideways)|something (?:\w+ )?(?:happens|goes wrong)|must exit 0|trigger criteria|before (?:proceeding|continuing))\b|中止|NG の場合/i,
  backup: /\b(?:back(?:ed|ing)?[ -]?ups?|dump(?:s|ed)?|pg_dump|mysqldump|snapshots?|point-in-time)\b|バックアップ/i,
  announce:
    /\b(?:announc\w*|notif(?:y|ies|ied|ication\w*)|inform(?:s|ed|ing)?|tell|communicat\w*|status ?page|email|e-mail|slack|page the|maintenance (?:page|window))\b/i,
  downtime:
    /\b(?:downtime|outage|(?:service|site|app\w*|system) (?:is|will be|are) (?:unavailable|offline|down)|offline)\b/i,
  noReturn:
    /\b(?:points? of no return|no going back|last chance to abort|cannot be (?:undone|reversed|rolled back)|irreversibl[ey]|not reversible|one-way)\b|後戻り/i,
  consequence:
    /\b(?:points? of no return|cannot be undone|can(?:not|'t) be (?:re)?(?:used|versed|stored|covered)|irreversibl[ey]|immutable|(?:will|would) be (?:lost|overwritten|destroyed|deleted|erased)|will (?:destroy|overwrite|erase|delete)|permanent(?:ly)?|data loss|will result in|should not be (?:updated|moved|deleted)|will break)\b|失われ|強制上書き|強制的に上書き/i,
  optional:
    /\b(?:nice[ -]to[ -]have|optional(?:ly)?|stretch|could have|won't have|out of scope|not in scope|future|backlog|if time permits|later|post-launch)\b/i,
  done: /^(?:[✅☑✔🎉]\s*)?(?:done|complete[d]?|closed|finished|shipped|accepted|resolved|released)\b/iu,
} as const;

/** True where the text says that something was left without a value: `TBD`, `[Name]`, `____`, `YYYY-MM-DD`, `<token>`. */
export function isUnfilled(value: string): boolean {
  const bare = value.replace(/[*_`~]{1,2}(?=\S)|(?<=\S)[*_`~]{1,2}/g, '').trim();
  return (
    bare === '' ||
    /^(?:_{3,}|-+|\?+|\.{3,}|tb[adc]|n\/?a|to be (?:determined|decided|confirmed|announced)|unknown|none yet|xx+|yyyy-mm-dd|mm\/dd\/yyyy|\[(?![ xX✓]\])[^\]]+\]|<[^>]+>|\{\{?[^}]+\}\}?|todo)$/i.test(
      bare,
    ) ||
    /^_{3,}/.test(value.trim())
  );
}
