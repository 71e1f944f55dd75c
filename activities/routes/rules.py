"""Addresses of the area "rules"."""

from django.urls import URLPattern, URLResolver, path

from activities.views import calendar, rules, waivers, year

_YEAR = "<slug:tenant>/rules/years/<uuid:programme>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:tenant>/rules/", rules.home, name="rules"),
    path(f"{_YEAR}/", rules.of_year, name="year_rules"),
    path(f"{_YEAR}/open/", year.open_year, name="year_open"),
    path(f"{_YEAR}/new/", rules.new, name="rule_new"),
    path(f"{_YEAR}/deadlines/", year.deadlines, name="year_deadlines"),
    path(f"{_YEAR}/months/", year.reopenings, name="year_reopenings"),
    path(f"{_YEAR}/types/", year.types, name="year_types"),
    path(f"{_YEAR}/types/new/", year.type_new, name="type_new"),
    path(f"{_YEAR}/classes/new/", year.class_new, name="content_class_new"),
    path(f"{_YEAR}/waivers/", waivers.of_year, name="year_waivers"),
    path(f"{_YEAR}/waivers/new/", waivers.new, name="waiver_new"),
    path(f"{_YEAR}/calendar/", calendar.of_year, name="year_calendar"),
    path(f"{_YEAR}/calendar/day/", calendar.day, name="calendar_day"),
    path(f"{_YEAR}/calendar/load/", calendar.load, name="calendar_load"),
    path("<slug:tenant>/rules/types/<uuid:activity_type>/", year.type_edit, name="type"),
    path("<slug:tenant>/rules/classes/<uuid:content_class>/", year.class_edit, name="content_class"),
    path("<slug:tenant>/rules/waivers/<uuid:waiver>/withdraw/", waivers.withdraw, name="waiver_withdraw"),
    path("<slug:tenant>/rules/<uuid:rule>/", rules.one, name="rule"),
    path("<slug:tenant>/rules/<uuid:rule>/edit/", rules.edit, name="rule_edit"),
    path("<slug:tenant>/rules/<uuid:rule>/draft/", rules.draft, name="rule_draft"),
    path("<slug:tenant>/rules/<uuid:rule>/draft/drop/", rules.drop, name="rule_drop"),
    path("<slug:tenant>/rules/<uuid:rule>/switch/", rules.switch, name="rule_switch"),
]
