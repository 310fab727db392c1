"""What data are used for beyond what the law itself lets a station do, and what people may ask of their data.

Source: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 and Nghị định 356/2025/NĐ-CP, in force from 1 January 2026, as told by a
reference list of the laws; not read in the original: the interface says so.
"""

from dataclasses import dataclass

SOURCE = "Luật 91/2025/QH15 và Nghị định 356/2025/NĐ-CP; chưa đối chiếu văn bản gốc"


@dataclass(frozen=True)
class Purpose:
    """One use of a person's data that needs their agreement. words: what is asked, as it is read out or printed."""

    slug: str
    title: str
    words: str


PURPOSES = {one.slug: one for one in (
    Purpose("reminders", "Nhắn tin, gọi điện nhắc lịch", "Trạm dùng số điện thoại đã cho để nhắc lịch tiêm, khám, gia hạn thẻ."),
    Purpose("sharing", "Gửi hồ sơ cho cơ sở khám chữa bệnh khác", "Trạm gửi hồ sơ sức khỏe cho nơi đang khám, điều trị khi nơi đó cần."),
    Purpose("insurers", "Gửi thông tin cho công ty bảo hiểm thương mại", "Trạm gửi thông tin sức khỏe cho công ty bảo hiểm nêu trong đơn."),
    Purpose("research", "Nghiên cứu, khảo sát", "Trạm dùng dữ liệu đã bỏ tên cho nghiên cứu nêu trong phiếu đồng ý."),
    Purpose("images", "Chụp ảnh, đưa tin", "Trạm dùng ảnh, tên trong tin bài tuyên truyền."),
)}
# Without any agreement: care itself, disease reporting, statistics and insurance claims, which laws of their own require.
BY_LAW = "Khám chữa bệnh, tiêm chủng, báo cáo dịch, thống kê và thanh toán BHYT theo luật thì không cần phiếu đồng ý."

ADULT_OF_OWN = 16  # trẻ em là người dưới 16 tuổi: Luật Trẻ em 2016, Điều 1
ASKED_TOO = 7  # from seven years on the child agrees as well as the guardian


@dataclass(frozen=True)
class RequestKind:
    """One thing a person may ask. answer_days: working days until an answer; done_days: days until it is carried out."""

    slug: str
    title: str
    answer_days: int
    done_days: int


KINDS = {one.slug: one for one in (
    RequestKind("access", "Xem dữ liệu của mình", 2, 10),
    RequestKind("copy", "Cấp bản sao dữ liệu", 2, 10),
    RequestKind("correction", "Chỉnh sửa dữ liệu", 2, 10),
    RequestKind("withdrawal", "Rút lại sự đồng ý", 2, 15),
    RequestKind("restriction", "Hạn chế hoặc phản đối xử lý", 2, 15),
    RequestKind("erasure", "Xóa dữ liệu", 2, 20),
)}
