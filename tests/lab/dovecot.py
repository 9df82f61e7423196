# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of the lab's Dovecot: for 2.3 (Debian 12) and for 2.4 (Debian 13), which does not
read the other's. Both say the same: IMAP over TLS only, a certificate of the lab's own authority, a
master user, a folder that the owner of a mailbox can neither see nor open, and Pigeonhole: scripts of
the owners over ManageSieve, which LMTP runs on each message that it delivers."""
import os
import pwd
import grp
import re
import subprocess

# The owner loses every right on the folder: a line that gave the owner none would be ignored.
ACL = """\
* owner lrwstipekxa
{recoverable} -owner lrwstipekxa
* user={master} lrwstipekxa
"""

COMMON = """\
base_dir = {run}
state_dir = {run}
log_path = {log}
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = plain
auth_master_user_separator = *
# A refused login is answered at once, however many there were before.
auth_failure_delay = 0 secs
login_greeting = Lab ready.
postmaster_address = postmaster@example.test
# Where a script's redirect goes.
submission_host = 127.0.0.1:{sink_port}
service imap-login {{
  chroot =
  {login_requests}
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 512
}}
service managesieve-login {{
  chroot =
  {login_requests}
  inet_listener sieve {{
    port = {sieve_port}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service auth {{
  user = {owner}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

OLD = """\
protocols = imap lmtp sieve
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
passdb {{
  driver = passwd-file
  master = yes
  args = {masters}
  result_success = continue
}}
passdb {{
  driver = passwd-file
  args = {users}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%u
}}
mail_location = maildir:~/Maildir
mail_plugins = acl{quota_plugin}
mail_always_cache_fields = hdr.message-id
namespace inbox {{
  inbox = yes
  separator = /
}}
protocol imap {{
  mail_plugins = acl{quota_plugin} imap_acl
  mail_max_userip_connections = 500
}}
protocol lmtp {{
  mail_plugins = acl{quota_plugin} sieve
}}
plugin {{
  acl = vfile:{acl}
  sieve = file:~/sieve;active=~/.dovecot.sieve
{quota}{script_quota}}}
"""

OLD_QUOTA = """\
  quota = count:User quota
  quota_vsizes = yes
  quota_grace = 0
  quota_rule = *:storage={quota}
"""

OLD_SCRIPT_QUOTA = """\
  sieve_quota_max_scripts = {scripts}
"""

NEW = """\
protocols = imap lmtp sieve
ssl = required
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
passdb masters {{
  driver = passwd-file
  passwd_file_path = {masters}
  master = yes
  result_success = continue
}}
passdb users {{
  driver = passwd-file
  passwd_file_path = {users}
}}
userdb owner {{
  driver = static
  fields {{
    uid = {uid}
    gid = {gid}
    home = {mail}/%{{user}}
  }}
}}
mail_driver = maildir
mail_path = ~/Maildir
mail_plugins {{
  acl = yes
{quota_plugin}}}
mail_always_cache_fields {{
  hdr.message-id = yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
acl_driver = vfile
acl_global_path = {acl}
# Otherwise 2.4 takes the master user for the owner of the mailbox.
acl_user = %{{auth_user}}
protocol imap {{
  mail_max_userip_connections = 500
  mail_plugins {{
    imap_acl = yes
  }}
}}
protocol lmtp {{
  mail_plugins {{
    sieve = yes
  }}
}}
sieve_script personal {{
  driver = file
  path = ~/sieve
  active_path = ~/.dovecot.sieve
}}
{quota}{script_quota}"""

NEW_QUOTA = """\
quota "User quota" {{
  driver = count
  storage_size = {quota}
  storage_grace = 0
}}
"""

NEW_SCRIPT_QUOTA = """\
sieve_quota_script_count = {scripts}
"""


def owner_of_mail():
    """The user and the group that mail belongs to: Dovecot never opens mail as root."""
    if os.getuid() == 0:
        entry = pwd.getpwnam("mail")
        return entry.pw_uid, entry.pw_gid
    return os.getuid(), os.getgid()


def version():
    """The version of the Dovecot that is installed, as (2, 3)."""
    answer = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)
    found = re.match(r"(\d+)\.(\d+)", answer.stdout)
    if found is None:
        raise RuntimeError(f"dovecot --version answered {answer.stdout!r}")
    return int(found[1]), int(found[2])


def program():
    """Where Dovecot is: its folder is not in the PATH of an ordinary user."""
    for folder in [*os.environ.get("PATH", "").split(":"), "/usr/sbin", "/usr/local/sbin"]:
        path = os.path.join(folder, "dovecot")
        if os.access(path, os.X_OK):
            return path
    raise RuntimeError("Dovecot is not installed: apt-get install dovecot-imapd "
                       "dovecot-lmtpd dovecot-managesieved dovecot-sieve")


def configuration(release, quota=None, scripts=None, **places):
    """The text of dovecot.conf for a release such as (2, 3).

    @quota: how much a mailbox may hold, such as "64K", or None for no quota
    @scripts: how many Sieve scripts its owner may have, or None for any number
    @places: files and ports, by the names in the texts above
    """
    owner = pwd.getpwuid(os.getuid()).pw_name
    places["owner"] = places["user"] = places["login_user"] = owner
    places["uid"], places["gid"] = owner_of_mail()
    places["group"] = grp.getgrgid(os.getgid()).gr_name
    if os.getuid() == 0:
        # Dovecot refuses to talk to strangers as root, and Debian's package has users for that.
        places.update(user="dovecot", group="dovecot", login_user="dovenull")
    places["login_requests"] = "service_count = 0"
    head, text, quotas, script_quota = "", OLD, OLD_QUOTA, OLD_SCRIPT_QUOTA
    plugin = " quota"
    if release >= (2, 4):
        places["login_requests"] = "restart_request_count = unlimited"
        head = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
        text, quotas, script_quota = NEW, NEW_QUOTA, NEW_SCRIPT_QUOTA
        plugin = "  quota = yes\n"
    return head + COMMON.format(**places) + text.format(
        **places, quota=quotas.format(quota=quota) if quota else "",
        quota_plugin=plugin if quota else "",
        script_quota=script_quota.format(scripts=scripts) if scripts else "")
