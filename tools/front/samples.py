"""Invented things with the longest names we know, for the sheet of parts and its tests. No real people, no real phones."""

from typing import Any

from django import forms

UNIT = "中国人民银行高州营业部党支部与高州市自来水公司联合"
VILLAGE = "长坡镇旺沙坑尾垌村民委员会(原旺沙大队)"
SENTENCE = "已导入 110 条结对关系，另有 3 条有疑问，没有写入；请逐条回答后再次确认导入。"
STATES = ["met", "open", "waiting", "met_late", "missed", "waived", "not_due"]
TOWNS = ["潘州街道", "宝光街道", "曹江镇", "深镇镇", "长坡镇", "古丁镇"]


class UnitForm(forms.Form):
    """A form with one field of each sort."""

    name = forms.CharField(label="单位全称", help_text="与公章一致，例如“高州市林业局”。")
    kind = forms.ChoiceField(label="单位类别", choices=[("gov", "机关单位"), ("ent", "国有企业"), ("st", "驻高单位")])
    phone = forms.RegexField(r"^1\d{10}$", label="联络员电话", error_messages={"invalid": "请填 11 位手机号码。"})
    since = forms.DateField(label="结对时间", widget=forms.DateInput(attrs={"type": "date"}))
    side = forms.ChoiceField(label="由哪一方填报", choices=[("unit", "单位"), ("village", "村")], widget=forms.RadioSelect)
    tasks = forms.MultipleChoiceField(
        label="帮扶内容",
        choices=[("1", "产业帮扶"), ("2", "民生实事"), ("3", "人居环境")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lead = forms.BooleanField(label="是牵头单位", required=False, help_text="一个村只有一个牵头单位。")
    remark = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)


class FilterForm(forms.Form):
    """Filters of a list of pairings."""

    q = forms.CharField(label="单位、村或拼音", required=False)
    town = forms.ChoiceField(label="镇(街道)", choices=[("", "全部"), *((t, t) for t in TOWNS)], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("active", "进行中")], required=False)
    lead = forms.BooleanField(label="只看牵头单位", required=False)


class ReasonForm(forms.Form):
    """Why something is ended."""

    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 2}))


class UploadForm(forms.Form):
    """A ledger to import."""

    file = forms.FileField(label="台账文件", help_text=".xlsx 或 .csv，最大 20 MB。")


class LoginForm(forms.Form):
    """The look of the sign-in form."""

    login = forms.CharField(label="登录名")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def frame(text: int = 16) -> dict[str, Any]:
    """What base.html reads, as for a signed-in member of county staff; text is the size in px."""
    places = ["工作台", "单位与村", "结对", "导入", "人员与授权", "设置"]
    return {
        "csrf_token": "sample",
        "nav": [{"label": label, "url": "#", "active": label == "结对"} for label in places],
        "site": {
            "county": "高州市",
            "product": "结对帮扶平台",
            "home_url": "#",
            "version": "0.1.0",
            "organiser": "中共高州市委组织部",
            "record_no": "粤政务备 2026-00001 号",
            "feedback_url": "#",
            "retirement_url": "#",
        },
        "account": {
            "name": "陈示例",
            "roles": "县级经办 · 高州市",
            "links": [{"label": "第二因素", "url": "#"}, {"label": "修改密码", "url": "#"}],
            "sign_out_url": "#",
        },
        "display": {"text": text, "url": "#", "language_url": "#"},
    }


def table() -> dict[str, Any]:
    """A list of pairings, 12 rows, every kind of cell."""
    labels = [
        ("unit", "结对单位"),
        ("village", "结对村"),
        ("town", "镇(街道)"),
        ("n", "本年完成"),
        ("money", "投入资金(元)"),
        ("state", "状态"),
        ("on", "结对时间"),
        ("who", "联络员"),
    ]
    columns = [
        {
            "key": key,
            "label": label,
            "sort_url": "#" if key != "who" else "",
            "sort_state": "ascending" if key == "unit" else "",
            "numeric": key in {"n", "money"},
            "wide": key == "village",
        }
        for key, label in labels
    ]
    rows = []
    for i in range(12):
        texts = [
            UNIT if i % 3 == 0 else "高州市林业局",
            VILLAGE if i % 2 else "曹江镇荷垌村",
            TOWNS[i % 6],
            f"{i * 7}",
            f"{i * 12345:,}",
            "",
            "2024-09-03",
            "" if i % 4 == 0 else "李示例",
        ]
        cells: list[dict[str, Any]] = [
            {"text": text, "label": label, "numeric": key in {"n", "money"}, "url": "#" if key == "village" else ""}
            for text, (key, label) in zip(texts, labels, strict=True)
        ]
        cells[5]["chip"] = {"state": STATES[i % 7]}
        cells[0]["note"] = "驻高单位" if i % 3 == 0 else ""
        rows.append({"url": "#", "cells": cells, "actions": [{"label": "记一笔", "url": "#"}]})
    return {
        "id": "pairings",
        "caption": "高州市的结对关系",
        "columns": columns,
        "rows": rows,
        "has_actions": True,
        "summary": "共 110 条结对关系",
        "chooser": {
            "action": "#",
            "name": "col",
            "columns": [{"key": k, "label": v, "chosen": True, "fixed": k == "unit"} for k, v in labels],
            "hidden": [],
        },
        "exports": [{"label": "导出 Excel", "url": "#"}],
        "pager": {
            "count": 110,
            "first": 1,
            "last": 12,
            "page": 1,
            "pages": 10,
            "prev_url": "",
            "next_url": "#",
            "sizes": {
                "action": "#",
                "name": "size",
                "options": [{"value": 12, "chosen": True}, {"value": 50, "chosen": False}],
                "hidden": [],
            },
        },
    }


def sheet(text: int = 16) -> dict[str, Any]:
    """Context of templates/parts/styleguide.html."""
    empty = {
        "title": "还没有结对关系",
        "text": "从“结对关系一览表”导入，或者逐条登记。",
        "action_url": "#",
        "action_label": "去导入",
    }
    villages = [
        {"label": name, "url": "#", "note": "联合党委所在村" if name == VILLAGE else ""} for name in ("荷垌村", VILLAGE, "耀新村")
    ]
    events = [
        {
            "when": "2026年11月20日 09:30",
            "datetime": "2026-11-20T09:30",
            "who": "陈示例(县级经办)",
            "title": "修改了结对关系",
            "changes": [{"label": "结对单位", "before": "高州市林业局", "after": UNIT}],
        },
        {
            "when": "2026年9月3日",
            "who": "导入第 3 批",
            "title": "结对关系生效",
            "chip": {"state": "met"},
            "text": "来自《结对关系一览表》第 12 行。",
        },
    ]
    return {
        **frame(text),
        "heading": f"{UNIT}与{VILLAGE}",
        "breadcrumb": [{"label": "工作台", "url": "#"}, {"label": "结对", "url": "#"}, {"label": UNIT, "url": ""}],
        "help_text": "这里列出本年度的全部结对关系。先用筛选缩小范围，再点开一行看双方的人员、协议和台账。",
        "messages": [],
        "action_label": "登记结对",
        "sentence": SENTENCE,
        "link": {"label": "查看疑问", "url": "#"},
        "steps": [
            {"label": "选择文件", "state": "done", "url": "#"},
            {"label": "核对预览", "state": "current"},
            {"label": "确认导入", "state": "todo"},
        ],
        "tabs": [
            {"label": "基本情况", "url": "#", "active": True},
            {"label": "人员", "url": "#", "count": 6},
            {"label": "历史", "url": "#"},
        ],
        "stats": [
            {"label": "本期应完成", "value": "9,936", "unit": "项", "url": "#"},
            {"label": "已完成", "value": "8,204", "unit": "项", "url": "#", "note": "其中补录 112 项"},
            {"label": "待确认", "value": "35", "unit": "项", "url": "#"},
            {"label": "投入资金", "value": "1,234.56", "unit": "万元", "url": "#"},
        ],
        "filter_form": FilterForm({"q": "荷垌", "town": "曹江镇"}),
        "table": table(),
        "empty_table": {"id": "none", "caption": "联合党委", "rows": [], "columns": [], "empty": empty},
        "facts_title": "双方",
        "facts": [
            {"label": "结对单位", "text": UNIT, "url": "#", "note": "驻高单位"},
            {"label": "结对村", "text": VILLAGE, "url": "#"},
            {"label": "联络员", "phone": {"masked": "139****0001", "reveal_url": "#"}},
            {"label": "协议签订时间", "text": ""},
            {"label": "状态", "chip": {"state": "open"}},
        ],
        "progress": {
            "id": "work",
            "label": "正在核对《结对关系一览表.xlsx》",
            "done": 64,
            "total": 110,
            "state": "running",
            "url": "/progress",
            "leave_url": "#",
        },
        "confirm": {
            "title": "结束这条结对关系？",
            "text": "结束以后仍可查看，不能再记录新的活动。",
            "points": ["双方联络员会收到通知。", "历史台账和得分保持不变。"],
            "action": "#",
            "label": "结束结对",
            "cancel_url": "#",
            "grave": True,
        },
        "reason_form": ReasonForm(),
        "tree_title": "镇村",
        "nodes": [
            {"label": "曹江镇", "url": "#", "open_label": "打开曹江镇", "count": 21, "open": True, "children": villages},
            {"label": "深镇镇", "count": 14, "children": villages},
            {"label": "没有村的镇", "url": "#"},
        ],
        "history_title": "历史",
        "events": events,
        "chips": [
            *({"state": s} for s in [*STATES, "ok", "question", "error"]),
            {"word": "已锁定", "tone": "grey", "mark": "lock"},
            {"word": "牵头单位", "tone": "indigo", "mark": "flag"},
        ],
        "form_title": "登记结对",
        "form": UnitForm({"name": UNIT, "phone": "1390000", "side": "unit", "lead": "on"}),
        "upload_form": UploadForm(),
    }


def sign_in(text: int = 16) -> dict[str, Any]:
    """Context of templates/tenancy/login.html after a wrong password."""
    form = LoginForm({"login": "chenshili", "password": ""})
    return {**frame(text), "nav": [], "account": None, "tenant": {"name": "高州市"}, "form": form}
