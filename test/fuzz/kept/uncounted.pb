# austin: 3.6.0
# mode: n: 3.6.0
# mode::main:3 1200
P1;T1;/sbv/a.py:main:3;parse (/srv/a.py:) 7
