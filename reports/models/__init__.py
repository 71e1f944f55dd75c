"""Templates a county edits, joint reports in the making, and sums that a county publishes upward."""

from reports.models.joint import JointReport, JointReportState
from reports.models.published import PublishedSum
from reports.models.reader import PrefectureReader
from reports.models.template import PaperTemplate, PaperTemplateKind

__all__ = ["JointReport", "JointReportState", "PaperTemplate", "PaperTemplateKind", "PrefectureReader", "PublishedSum"]
