# Everything here needs only make and python3; each target first makes .venv when it is missing or out of date.
# What a target does is in tools/task.py.

TARGETS := setup env run test check bench fmt drill messages lock
.PHONY: help $(TARGETS)

help:
	@echo "make setup     安装依赖、建立数据库与数据表"
	@echo "make env       只安装依赖(数据库在别处时)"
	@echo "make run       启动平台(PORT=8000 HOST=127.0.0.1)"
	@echo "make test      运行测试(ARGS='tests/units -k 花名册')"
	@echo "make check     持续集成运行的全部检查与测试"
	@echo "make fmt       整理代码格式"
	@echo "make messages  收集并编译界面文字"
	@echo "make bench     性能测量"
	@echo "make drill     演练:备份与恢复;故障下提醒不丢不重"
	@echo "make lock      重新锁定依赖的版本"

# exec: no shell stays between make and the program, so that signals arrive.
$(TARGETS):
	@exec sh tools/task.sh $@

# The one target that needs node and npm: rebuilds static/vendor and tests/front/vendor, which are committed ready-made.
.PHONY: vendor
vendor:
	@sh tools/front/build.sh
