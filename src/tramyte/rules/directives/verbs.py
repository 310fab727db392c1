"""Words with which an item of work begins, and words that open a sentence without saying anything."""

import re

_ACTIONS = (
    "áp dụng|ban hành|bám sát|bảo đảm|đảm bảo|bảo vệ|biên soạn|biểu dương|bố trí|bồi dưỡng|bổ sung|báo cáo|bàn giao|cải cách|cải thiện|can thiệp|căn cứ|cân đối|cập nhật|chấn chỉnh|chấm dứt|"
    "chăm sóc|chăm lo|chia sẻ|chỉ đạo|chịu trách nhiệm|chú trọng|chủ động|chủ trì|chuẩn bị|chuẩn hóa|chuyển|cơ cấu|công bố|công khai|cung cấp|cung ứng|củng cố|cử|cụ thể hóa|"
    "dự báo|dự phòng|dự trù|duy trì|đa dạng|đánh giá|đào tạo|đăng ký|đăng tải|đặc biệt|đầu tư|đẩy mạnh|đẩy nhanh|đề nghị|đề xuất|điều chỉnh|điều phối|điều tra|điều trị|định kỳ|định hướng|"
    "đôn đốc|đổi mới|đồng bộ|động viên|đưa|đối thoại|đón tiếp|giám sát|giáo dục|giải quyết|giao|giảm|giữ|giới thiệu|gắn|góp phần|gửi|hạn chế|hình thành|hỗ trợ|hoàn thành|hoàn thiện|hoàn chỉnh|"
    "huấn luyện|huy động|hướng dẫn|khám|khảo sát|khai thác|khắc phục|khẩn trương|khen thưởng|khuyến khích|kết hợp|kết nối|kịp thời|kiểm soát|kiểm tra|kiện toàn|kiên quyết|kiến nghị|"
    "lập|làm|lãnh đạo|lắp đặt|lấy|liên kết|liên thông|lồng ghép|lựa chọn|lưu trữ|mở|mở rộng|mua sắm|nâng|nâng cao|nâng cấp|ngăn chặn|nghiêm túc|nghiên cứu|nhân rộng|niêm yết|nắm|nêu cao|"
    "ổn định|phát huy|phát động|phát hiện|phát sóng|phát thanh|phát triển|phân bổ|phân cấp|phân công|phân luồng|phân loại|phân tích|phấn đấu|phổ biến|phối hợp|phòng, chống|phòng chống|phòng ngừa|phục hồi|phun|"
    "quan tâm|quản lý|quán triệt|quy hoạch|quyết liệt|rà soát|rút ngắn|sàng lọc|sắp xếp|sẵn sàng|soạn thảo|sơ kết|số hóa|sửa chữa|sử dụng|tái cấu trúc|tập huấn|tập trung|tăng|tăng cường|tạo|thành lập|"
    "tham gia|tham mưu|thanh tra|tháo gỡ|thẩm định|theo dõi|thích ứng|thí điểm|thiết lập|thống kê|thống nhất|thông báo|thông tin|thu gom|thu hút|thu thập|thúc đẩy|thường xuyên|thực hiện|tiến hành|tiếp nhận|tiếp thu|"
    "tiếp tục|tiêm|tìm|tích cực|tích hợp|tiết kiệm|tổ chức|tổng hợp|tổng kết|tổng vệ sinh|trang bị|tranh thủ|trao đổi|triển khai|trình|truyền thông|tuyên truyền|tuyển dụng|tư vấn|tự|ưu tiên|ứng dụng|ứng phó|"
    "vận động|vận hành|viết|xác định|xây dựng|xét nghiệm|xem xét|xử lý|xử phạt|ký kết|chống|cấp|bảo trì|bảo dưỡng|di chuyển|sơ tán|vệ sinh|tuân thủ|chấp hành|luân phiên|hợp tác|khuyến cáo|thay thế|nhập|in|treo|cấm|không để|không|yêu cầu|"
    "dành|chi trả|thanh toán|giải ngân|quyết toán|mời|tuyên dương|đảm nhiệm|cảnh báo|nhắc nhở|đối chiếu|làm sạch|xác minh|giải thích|chứng nhận|công nhận|lên|chi|thu|trực|thường trực|đến|hằng|hàng|hướng tới|nuôi|trồng|phủ|lấy mẫu|nộp|nhanh chóng|"
    "là cơ quan|là đầu mối|là đơn vị|bên cạnh|tuyệt đối|trước|từ nay|sau khi|trên cơ sở|trong|khi|nếu|có trách nhiệm|có kế hoạch|có biện pháp|có giải pháp|có phương án"
)
ACTION = re.compile(rf"(?:{'|'.join(sorted(_ACTIONS.split('|'), key=len, reverse=True))})(?!\w)", re.I)
LEAD = re.compile(
    r"(?:(?:đồng thời|ngoài ra|bên cạnh đó|trước mắt|theo đó|trong đó|cùng với đó|mặt khác|(?:trong )?thời gian (?:tới|sắp tới)|trong thời gian tới|song song|"
    r"đặc biệt(?= là,|,)|về lâu dài|riêng|tại hội nghị|tại cuộc họp|sau hội nghị|nhân dịp này|vì vậy|do đó|do vậy|từ thực tế trên|cụ thể|(?:phát biểu )?(?:kết luận|chỉ đạo)(?: tại)? (?:hội nghị|buổi làm việc|cuộc họp|phiên họp)[^,.;]{0,40}|phát biểu[^,.;]{0,50}|tại buổi làm việc)\s*[,:]\s*|(?:đồng thời|ngoài ra|riêng)\s+)+",
    re.I,
)
ORDER = re.compile(
    r"(?:đồng thời\s+|và\s+)?(?P<verb>giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|đề nghị|yêu cầu|phân công|ủy quyền cho|kính đề nghị|trân trọng đề nghị|nhất trí giao|thống nhất giao)\s+(?:cho\s+)?",
    re.I,
)
FOREIGN = re.compile(r"(?:ghi nhận|biểu dương|đánh giá cao|cơ bản|thống nhất|nhất trí|đồng ý|hoan nghênh|trân trọng|đã|đang|được|luôn|với vai trò|(?:tiếp tục|thường xuyên|cơ bản) được|chủ trì (?:hội nghị|cuộc họp|buổi|phiên|Hội nghị|và)|nhận thấy|nhận định|kết luận|thông báo|báo cáo như sau|có ý kiến|ban hành Kế hoạch)(?!\w)", re.I)
PAST = re.compile(r"(?<!\w)(?:đã|đạt được|so với cùng kỳ|ước đạt|hiện nay|hiện có|hiện còn|mới đạt|tính đến|luỹ kế|lũy kế|vẫn còn|còn nhiều|ghi nhận|thời gian qua|những năm qua|vừa qua)(?!\w)", re.I)
CLOSING = re.compile(
    r"^(?:trên đây là|căn cứ (?:nội dung )?(?:kế hoạch|thông báo|chỉ thị|công văn|nội dung) này|nhận được (?:công văn|công điện|kế hoạch|chỉ thị|văn bản|thông báo) này)|"
    r"^(?!.{0,300}(?:trước ngày|trước \d|chậm nhất|gửi\s))(?:yêu cầu|đề nghị|[^.;:,]{2,60}?(?:yêu cầu|đề nghị)).{0,260}(?:thực hiện|triển khai|dự họp|tham dự|đến dự|quan tâm, phối hợp).{0,80}"
    r"(?:kế hoạch|chỉ thị|công văn|công điện|thông báo|quyết định|kết luận|văn bản)? ?(?:này|trên|nêu trên)?\s*[./]*$",
    re.I,
)
NARRATIVE = re.compile(
    r"(?:Năm \d{4}|Trong (?:năm|những|thời gian qua|quý|tháng)|Thời gian qua|Những năm|Qua |Từ (?:đầu|ngày|năm)|Đến (?:ngày|hết tháng|nay)|Tuy nhiên|Bên cạnh (?:những|các|đó)|Hiện nay|Nhìn chung|Tính đến|"
    r"Theo (?:báo cáo|Trung tâm|dự báo|thống kê)|Các phòng, đơn vị đã|Trước (?:tình|diễn))"
)
