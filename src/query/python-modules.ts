/**
 * The modules of Python's standard library that are written in Python, from 2.7 to 3.15: `sys.stdlib_module_names`, with
 * those that were removed (https://peps.python.org/pep-0594/).
 */
export const PYTHON_MODULES: ReadonlySet<string> = new Set(
  `
  __future__ _aix_support _bootsubprocess _collections_abc _colorize _compat_pickle _compression _markupbase
  _osx_support _py_abc _pydatetime _pydecimal _pyio _pyrepl _sitebuiltins _strptime _threading_local _weakrefset abc
  aifc annotationlib argparse ast asynchat asyncio asyncore base64 bdb binhex bisect bz2 cProfile calendar cgi cgitb
  chunk cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib
  contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest
  dummy_threading email encodings ensurepip enum filecmp fileinput fnmatch formatter fractions ftplib functools
  genericpath getopt getpass gettext glob graphlib gzip hashlib heapq hmac html http idlelib imaplib imghdr imp
  importlib inspect io ipaddress json keyword lib2to3 linecache locale logging lzma macpath mailbox mailcap mimetypes
  modulefinder msilib multiprocessing netrc nntplib ntpath nturl2path numbers opcode operator optparse os parser
  pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posixpath pprint profile profiling pstats pty
  py_compile pyclbr pydoc pydoc_data queue quopri random re reprlib rlcompleter runpy sched secrets selectors shelve
  shlex shutil signal site smtpd smtplib sndhdr socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl
  stat statistics string stringprep struct subprocess sunau symbol symtable sysconfig tabnanny tarfile telnetlib
  tempfile textwrap threading timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo
  types typing unittest urllib uu uuid venv warnings wave weakref webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile
  zipimport zoneinfo
`
    .trim()
    .split(/\s+/),
);
