/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-device-sftp.h"
#include "responders/ac-ssh-packet.h"

enum
{
  FXP_INIT = 1,
  FXP_VERSION = 2,
  FXP_OPEN = 3,
  FXP_CLOSE = 4,
  FXP_READ = 5,
  FXP_WRITE = 6,
  FXP_LSTAT = 7,
  FXP_FSTAT = 8,
  FXP_SETSTAT = 9,
  FXP_FSETSTAT = 10,
  FXP_REMOVE = 13,
  FXP_MKDIR = 14,
  FXP_REALPATH = 16,
  FXP_RENAME = 18,
  FXP_STATUS = 101,
  FXP_HANDLE = 102,
  FXP_DATA = 103,
  FXP_NAME = 104,
  FXP_ATTRS = 105,
  FXP_EXTENDED = 200,
  FXP_EXTENDED_REPLY = 201,
};

enum
{
  FX_OK = 0,
  FX_EOF = 1,
  FX_NO_SUCH_FILE = 2,
  FX_PERMISSION_DENIED = 3,
  FX_FAILURE = 4,
  FX_BAD_MESSAGE = 5,
  FX_OP_UNSUPPORTED = 8,
};

enum
{
  ATTR_SIZE = 1,
  ATTR_OWNER = 2,
  ATTR_PERMISSIONS = 4,
  ATTR_TIMES = 8,
};

enum
{
  OPEN_READ = 0x01,
  OPEN_WRITE = 0x02,
  OPEN_CREATE = 0x08,
  OPEN_EXCLUSIVE = 0x20,
};

#define VERSION 3
/* Every server must take packets of this size. */
#define BLOCK 32768
#define MAX_PACKET (256 * 1024)
/* How many blocks are asked for ahead. */
#define AHEAD 32
/* How often to try where others do the same. */
#define PROBES 10
#define LSETSTAT "lsetstat@openssh.com"
#define READ_ONLY 1 /* f_flag of statvfs@openssh.com */

struct _AcDeviceSftp
{
  AcDeviceConnection *connection; /* not owned */
  guint32 last_id;
  gboolean has_statvfs;
  gboolean has_fsync;
  gboolean has_lsetstat;
};

/* --- packets --- */

/* The length is filled in when the packet is sent. */
static GByteArray *
packet_new (guint8 type)
{
  GByteArray *packet = g_byte_array_new ();

  ac_ssh_put_u32 (packet, 0);
  g_byte_array_append (packet, &type, 1);
  return packet;
}

static GByteArray *
request_new (AcDeviceSftp *self, guint8 type, guint32 *id)
{
  GByteArray *packet = packet_new (type);

  *id = ++self->last_id;
  ac_ssh_put_u32 (packet, *id);
  return packet;
}

/* @packet: (transfer full) */
static gboolean
send_packet (AcDeviceSftp *self, GByteArray *packet, GError **error)
{
  guint32 length = GUINT32_TO_BE (packet->len - 4);
  gboolean good;

  memcpy (packet->data, &length, sizeof length);
  good = ac_device_connection_write (self->connection, packet->data, packet->len, error);
  g_byte_array_unref (packet);
  return good;
}

/* An answer that is being read. */
typedef struct
{
  guint8 type;
  guint32 id;
  guint8 *data; /* owned: the whole packet */
  AcSshReader rest;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static gboolean
bad_answer (GError **error)
{
  g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_PROTOCOL,
                       "The device answered what no SFTP server may answer.");
  return FALSE;
}

static gboolean
receive (AcDeviceSftp *self, Answer *answer, GError **error)
{
  guint32 length;

  answer_clear (answer);
  memset (answer, 0, sizeof *answer);
  if (!ac_device_connection_read (self->connection, &length, sizeof length, error))
    return FALSE;
  length = GUINT32_FROM_BE (length);
  if (length < 5 || length > MAX_PACKET)
    return bad_answer (error);
  answer->data = g_malloc (length);
  if (!ac_device_connection_read (self->connection, answer->data, length, error))
    return FALSE;
  answer->type = answer->data[0];
  answer->rest.at = answer->data + 1;
  answer->rest.left = length - 1;
  answer->id = ac_ssh_reader_get_u32 (&answer->rest);
  return TRUE;
}

/* A status that is not OK as an error. */
static gboolean
fail_with_status (guint32 status, GError **error)
{
  switch (status)
    {
    case FX_NO_SUCH_FILE:
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE,
                           "there is no such file or folder");
      break;
    case FX_PERMISSION_DENIED:
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_DENIED,
                           "permission was denied to the user that the service is there");
      break;
    case FX_OP_UNSUPPORTED:
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNSUPPORTED,
                           "the device does not know how to do this");
      break;
    case FX_BAD_MESSAGE:
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                           "the device cannot use this name");
      break;
    default:
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                           "the device could not do it, and does not say why");
      break;
    }
  return FALSE;
}

/* The answer to a request when nothing else is under way; it must be of the type, or a status. */
static gboolean
call (AcDeviceSftp *self,
      GByteArray *packet,
      guint32 id,
      guint8 type,
      Answer *answer,
      GError **error)
{
  if (!send_packet (self, packet, error) || !receive (self, answer, error))
    return FALSE;
  if (answer->id != id)
    return bad_answer (error);
  if (answer->type == FXP_STATUS)
    {
      guint32 status = ac_ssh_reader_get_u32 (&answer->rest);

      if (answer->rest.is_bad || (status == FX_OK && type != FXP_STATUS))
        return bad_answer (error);
      return status == FX_OK || fail_with_status (status, error);
    }
  return answer->type == type || bad_answer (error);
}

static gboolean
call_for_status (AcDeviceSftp *self, GByteArray *packet, guint32 id, GError **error)
{
  g_auto (Answer) answer = { 0 };

  return call (self, packet, id, FXP_STATUS, &answer, error);
}

/* --- the session --- */

/**
 * ac_device_sftp_new:
 * @connection: (transfer none): lives longer
 */
AcDeviceSftp *
ac_device_sftp_new (AcDeviceConnection *connection, GError **error)
{
  g_autoptr (AcDeviceSftp) self = g_new0 (AcDeviceSftp, 1);
  GByteArray *packet = packet_new (FXP_INIT);
  g_auto (Answer) answer = { 0 };

  self->connection = connection;
  ac_ssh_put_u32 (packet, VERSION);
  if (!ac_device_connection_open_sftp (connection, error))
    {
      g_byte_array_unref (packet);
      return NULL;
    }
  if (!send_packet (self, packet, error) || !receive (self, &answer, error))
    return NULL;
  /* What stands where other answers have their id is the version. */
  if (answer.type != FXP_VERSION || answer.id < VERSION)
    {
      bad_answer (error);
      return NULL;
    }
  while (answer.rest.left > 0 && !answer.rest.is_bad)
    {
      g_autofree char *name = ac_ssh_reader_get_text (&answer.rest);
      g_autofree char *version = ac_ssh_reader_get_text (&answer.rest);

      self->has_statvfs |= g_str_equal (name, "statvfs@openssh.com") && g_str_equal (version, "2");
      self->has_fsync |= g_str_equal (name, "fsync@openssh.com") && g_str_equal (version, "1");
      self->has_lsetstat |= g_str_equal (name, LSETSTAT) && g_str_equal (version, "1");
    }
  return g_steal_pointer (&self);
}

void
ac_device_sftp_free (AcDeviceSftp *self)
{
  g_free (self);
}

/* --- requests about one path --- */

static gboolean
read_attributes (Answer *answer, AcDeviceAttributes *attributes, GError **error)
{
  guint32 flags = ac_ssh_reader_get_u32 (&answer->rest);

  memset (attributes, 0, sizeof *attributes);
  if (flags & ATTR_SIZE)
    attributes->size = ac_ssh_reader_get_u64 (&answer->rest);
  if (flags & ATTR_OWNER)
    {
      attributes->owner = ac_ssh_reader_get_u32 (&answer->rest);
      attributes->group = ac_ssh_reader_get_u32 (&answer->rest);
    }
  if (flags & ATTR_PERMISSIONS)
    attributes->mode = ac_ssh_reader_get_u32 (&answer->rest);
  if (flags & ATTR_TIMES)
    {
      attributes->accessed = ac_ssh_reader_get_u32 (&answer->rest);
      attributes->modified = ac_ssh_reader_get_u32 (&answer->rest);
    }
  /* Without the type of the file nothing may be done to it. */
  if (answer->rest.is_bad || !(flags & ATTR_SIZE) || !(flags & ATTR_PERMISSIONS))
    return bad_answer (error);
  return TRUE;
}

/**
 * ac_device_sftp_look:
 * @attributes: (out): of what stands at @path itself, also where that is a symbolic link
 */
gboolean
ac_device_sftp_look (AcDeviceSftp *self,
                     const char *path,
                     AcDeviceAttributes *attributes,
                     GError **error)
{
  g_auto (Answer) answer = { 0 };
  guint32 id;
  GByteArray *packet = request_new (self, FXP_LSTAT, &id);

  ac_ssh_put_text (packet, path);
  return call (self, packet, id, FXP_ATTRS, &answer, error) &&
         read_attributes (&answer, attributes, error);
}

/**
 * ac_device_sftp_resolve:
 *
 * Returns: (transfer full): the path without symbolic links.
 */
char *
ac_device_sftp_resolve (AcDeviceSftp *self, const char *path, GError **error)
{
  g_auto (Answer) answer = { 0 };
  g_autofree char *name = NULL;
  guint32 id;
  GByteArray *packet = request_new (self, FXP_REALPATH, &id);

  ac_ssh_put_text (packet, path);
  if (!call (self, packet, id, FXP_NAME, &answer, error))
    return NULL;
  if (ac_ssh_reader_get_u32 (&answer.rest) != 1)
    answer.rest.is_bad = TRUE;
  name = ac_ssh_reader_get_text (&answer.rest);
  if (answer.rest.is_bad || *name != '/')
    {
      bad_answer (error);
      return NULL;
    }
  return g_steal_pointer (&name);
}

/**
 * ac_device_sftp_get_file_system:
 *
 * Returns: whether it is known; AC_DEVICE_ERROR_UNSUPPORTED when the device does not tell.
 */
gboolean
ac_device_sftp_get_file_system (AcDeviceSftp *self,
                                const char *path,
                                AcDeviceFileSystem *file_system,
                                GError **error)
{
  g_auto (Answer) answer = { 0 };
  GByteArray *packet;
  guint32 id;

  if (!self->has_statvfs)
    return fail_with_status (FX_OP_UNSUPPORTED, error);
  packet = request_new (self, FXP_EXTENDED, &id);
  ac_ssh_put_text (packet, "statvfs@openssh.com");
  ac_ssh_put_text (packet, path);
  if (!call (self, packet, id, FXP_EXTENDED_REPLY, &answer, error))
    return FALSE;
  /* Sizes and counts come first. */
  for (guint i = 0; i < 8; i++)
    ac_ssh_reader_get_u64 (&answer.rest);
  file_system->id = ac_ssh_reader_get_u64 (&answer.rest);
  file_system->is_read_only = (ac_ssh_reader_get_u64 (&answer.rest) & READ_ONLY) != 0;
  return !answer.rest.is_bad || bad_answer (error);
}

/**
 * ac_device_sftp_rename:
 *
 * OpenSSH makes a second name and takes the first one away, so that nothing is ever replaced; cut
 * off in between, the file has both.
 *
 * Returns: %FALSE too when something stands at @to.
 */
gboolean
ac_device_sftp_rename (AcDeviceSftp *self, const char *from, const char *to, GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_RENAME, &id);

  ac_ssh_put_text (packet, from);
  ac_ssh_put_text (packet, to);
  return call_for_status (self, packet, id, error);
}

gboolean
ac_device_sftp_remove (AcDeviceSftp *self, const char *path, GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_REMOVE, &id);

  ac_ssh_put_text (packet, path);
  return call_for_status (self, packet, id, error);
}

gboolean
ac_device_sftp_make_folder (AcDeviceSftp *self, const char *path, guint32 mode, GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_MKDIR, &id);

  ac_ssh_put_text (packet, path);
  ac_ssh_put_u32 (packet, ATTR_PERMISSIONS);
  ac_ssh_put_u32 (packet, mode);
  return call_for_status (self, packet, id, error);
}

gboolean
ac_device_sftp_set_mode (AcDeviceSftp *self, const char *path, guint32 mode, GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_SETSTAT, &id);

  ac_ssh_put_text (packet, path);
  ac_ssh_put_u32 (packet, ATTR_PERMISSIONS);
  ac_ssh_put_u32 (packet, mode);
  return call_for_status (self, packet, id, error);
}

/**
 * ac_device_sftp_set_mode_nofollow:
 *
 * The same for a folder in which others may write: what a symbolic link leads to keeps its mode.
 *
 * Returns: %FALSE too where a symbolic link stands at @path; AC_DEVICE_ERROR_UNSUPPORTED where the
 *   device would follow one (OpenSSH before 8.0). With a C library before 2.32, or without /proc,
 * it is refused for every file.
 */
gboolean
ac_device_sftp_set_mode_nofollow (AcDeviceSftp *self,
                                  const char *path,
                                  guint32 mode,
                                  GError **error)
{
  GByteArray *packet;
  guint32 id;

  if (!self->has_lsetstat)
    {
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNSUPPORTED,
                           "the device would follow a symbolic link there (OpenSSH 8.0 need not)");
      return FALSE;
    }
  packet = request_new (self, FXP_EXTENDED, &id);
  ac_ssh_put_text (packet, LSETSTAT);
  ac_ssh_put_text (packet, path);
  ac_ssh_put_u32 (packet, ATTR_PERMISSIONS);
  ac_ssh_put_u32 (packet, mode);
  return call_for_status (self, packet, id, error);
}

gboolean
ac_device_sftp_set_owner (AcDeviceSftp *self,
                          const char *path,
                          guint32 owner,
                          guint32 group,
                          GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_SETSTAT, &id);

  ac_ssh_put_text (packet, path);
  ac_ssh_put_u32 (packet, ATTR_OWNER);
  ac_ssh_put_u32 (packet, owner);
  ac_ssh_put_u32 (packet, group);
  return call_for_status (self, packet, id, error);
}

gboolean
ac_device_sftp_set_times (AcDeviceSftp *self,
                          const char *path,
                          guint32 accessed,
                          guint32 modified,
                          GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_SETSTAT, &id);

  ac_ssh_put_text (packet, path);
  ac_ssh_put_u32 (packet, ATTR_TIMES);
  ac_ssh_put_u32 (packet, accessed);
  ac_ssh_put_u32 (packet, modified);
  return call_for_status (self, packet, id, error);
}

/* --- contents --- */

static GBytes *
open_file (AcDeviceSftp *self, const char *path, guint32 flags, GError **error)
{
  g_auto (Answer) answer = { 0 };
  const guint8 *handle;
  gsize length;
  guint32 id;
  GByteArray *packet = request_new (self, FXP_OPEN, &id);

  ac_ssh_put_text (packet, path);
  ac_ssh_put_u32 (packet, flags);
  ac_ssh_put_u32 (packet, ATTR_PERMISSIONS);
  ac_ssh_put_u32 (packet, 0600);
  if (!call (self, packet, id, FXP_HANDLE, &answer, error))
    return NULL;
  handle = ac_ssh_reader_get_bytes (&answer.rest, &length);
  if (handle == NULL)
    {
      bad_answer (error);
      return NULL;
    }
  return g_bytes_new (handle, length);
}

static void
put_handle (GByteArray *packet, GBytes *handle)
{
  ac_ssh_put_bytes (packet, g_bytes_get_data (handle, NULL), g_bytes_get_size (handle));
}

static gboolean
close_file (AcDeviceSftp *self, GBytes *handle, GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_CLOSE, &id);

  put_handle (packet, handle);
  return call_for_status (self, packet, id, error);
}

static gboolean
sync_file (AcDeviceSftp *self, GBytes *handle, GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_EXTENDED, &id);

  ac_ssh_put_text (packet, "fsync@openssh.com");
  put_handle (packet, handle);
  return call_for_status (self, packet, id, error);
}

static gboolean
look_at_file (AcDeviceSftp *self, GBytes *handle, AcDeviceAttributes *attributes, GError **error)
{
  g_auto (Answer) answer = { 0 };
  guint32 id;
  GByteArray *packet = request_new (self, FXP_FSTAT, &id);

  put_handle (packet, handle);
  return call (self, packet, id, FXP_ATTRS, &answer, error) &&
         read_attributes (&answer, attributes, error);
}

/**
 * ac_device_sftp_find_user:
 * @probe: a path that is used for nothing else: an empty file is made there, and removed again
 * @user: (out): whom what the service makes there belongs to; SFTP tells it in no other way
 */
gboolean
ac_device_sftp_find_user (AcDeviceSftp *self, const char *probe, guint32 *user, GError **error)
{
  g_autoptr (GBytes) handle = NULL;
  g_autoptr (GError) problem = NULL;
  AcDeviceAttributes attributes;

  /* One may lie there, of a session that was cut off or of another one that does the same. */
  for (guint try = 0; handle == NULL && try < PROBES; try++)
    {
      g_clear_error (&problem);
      handle = open_file (self, probe, OPEN_WRITE | OPEN_CREATE | OPEN_EXCLUSIVE, &problem);
      if (g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED))
        {
          g_clear_error (&problem);
          if (!ac_device_sftp_remove (self, probe, &problem) &&
              !g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
            break;
        }
      else if (problem != NULL)
        break;
    }
  if (handle == NULL)
    {
      if (problem == NULL)
        return fail_with_status (FX_FAILURE, error);
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  g_clear_error (&problem);
  if (!look_at_file (self, handle, &attributes, error) || !close_file (self, handle, error))
    return FALSE;
  *user = attributes.owner;
  if (ac_device_sftp_remove (self, probe, &problem) ||
      g_error_matches (problem, AC_DEVICE_ERROR, AC_DEVICE_ERROR_NO_FILE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* @what: one of the attributes; @second: of those that have two numbers */
static gboolean
set_of_file (AcDeviceSftp *self,
             GBytes *handle,
             guint32 what,
             guint32 first,
             guint32 second,
             GError **error)
{
  guint32 id;
  GByteArray *packet = request_new (self, FXP_FSETSTAT, &id);

  put_handle (packet, handle);
  ac_ssh_put_u32 (packet, what);
  ac_ssh_put_u32 (packet, first);
  if (what != ATTR_PERMISSIONS)
    ac_ssh_put_u32 (packet, second);
  return call_for_status (self, packet, id, error);
}

/* Owner first, since it takes away bits of the mode. */
static gboolean
dress_file (AcDeviceSftp *self, GBytes *handle, const AcDeviceAttributes *like, GError **error)
{
  AcDeviceAttributes now;

  return look_at_file (self, handle, &now, error) &&
         ((now.owner == like->owner && now.group == like->group) ||
          set_of_file (self, handle, ATTR_OWNER, like->owner, like->group, error)) &&
         set_of_file (self, handle, ATTR_PERMISSIONS, like->mode & 07777, 0, error) &&
         set_of_file (self, handle, ATTR_TIMES, like->accessed, like->modified, error);
}

/* One block of a file on its way. */
typedef struct
{
  enum
  {
    BLOCK_READING,
    BLOCK_HERE,
    BLOCK_WRITING,
    BLOCK_WRITTEN,
  } state;
  guint32 id;
  guint64 offset;
  GByteArray *data;
  gboolean is_last; /* the file ends in it */
} Block;

static void
block_free (Block *block)
{
  g_byte_array_unref (block->data);
  g_free (block);
}

/* The contents of one file, read ahead, and either hashed in order or written to another file. */
typedef struct
{
  AcDeviceSftp *sftp;
  GBytes *from;
  GBytes *to;          /* nullable */
  guint64 size;        /* that the file has; more is not read */
  GChecksum *checksum; /* nullable */
  GQueue blocks;       /* of Block, in the order of the file */
  guint64 next_offset; /* of the block to be asked for next */
  gboolean has_end;    /* nothing more is to be asked for */
} Transfer;

static gboolean
ask_for (Transfer *transfer, Block *block, GError **error)
{
  GByteArray *packet = request_new (transfer->sftp, FXP_READ, &block->id);

  block->state = BLOCK_READING;
  put_handle (packet, transfer->from);
  ac_ssh_put_u64 (packet, block->offset + block->data->len);
  ac_ssh_put_u32 (packet, BLOCK - block->data->len);
  return send_packet (transfer->sftp, packet, error);
}

static gboolean
ask_ahead (Transfer *transfer, GError **error)
{
  /* The block that begins where the file should end is asked for too: it must have nothing. */
  while (!transfer->has_end && transfer->next_offset <= transfer->size &&
         transfer->blocks.length < AHEAD)
    {
      Block *block = g_new0 (Block, 1);

      block->data = g_byte_array_new ();
      block->offset = transfer->next_offset;
      transfer->next_offset += BLOCK;
      g_queue_push_tail (&transfer->blocks, block);
      if (!ask_for (transfer, block, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_block (Transfer *transfer, Block *block, GError **error)
{
  GByteArray *packet;

  if (transfer->to == NULL || block->data->len == 0)
    {
      block->state = transfer->to == NULL ? BLOCK_HERE : BLOCK_WRITTEN;
      return TRUE;
    }
  packet = request_new (transfer->sftp, FXP_WRITE, &block->id);
  block->state = BLOCK_WRITING;
  put_handle (packet, transfer->to);
  ac_ssh_put_u64 (packet, block->offset);
  ac_ssh_put_bytes (packet, block->data->data, block->data->len);
  return send_packet (transfer->sftp, packet, error);
}

static gboolean
is_growing (GError **error)
{
  g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED, "it is being written to");
  return FALSE;
}

static gboolean
take_data (Transfer *transfer, Block *block, Answer *answer, GError **error)
{
  gsize length;
  const guint8 *data = ac_ssh_reader_get_bytes (&answer->rest, &length);

  if (data == NULL || length == 0 || length > BLOCK - block->data->len)
    return bad_answer (error);
  g_byte_array_append (block->data, data, (guint)length);
  if (block->offset + block->data->len > transfer->size)
    {
      block->state = BLOCK_WRITTEN;
      return is_growing (error);
    }
  /* A server may give less than was asked for. */
  if (block->data->len < BLOCK)
    return ask_for (transfer, block, error);
  return write_block (transfer, block, error);
}

static gboolean
take_answer (Transfer *transfer, Answer *answer, GError **error)
{
  Block *block = NULL;
  guint32 status;

  for (GList *link = transfer->blocks.head; link != NULL && block == NULL; link = link->next)
    {
      Block *candidate = link->data;

      if (candidate->id == answer->id &&
          (candidate->state == BLOCK_READING || candidate->state == BLOCK_WRITING))
        block = candidate;
    }
  if (block == NULL)
    return bad_answer (error);
  if (block->state == BLOCK_READING && answer->type == FXP_DATA)
    return take_data (transfer, block, answer, error);
  if (answer->type != FXP_STATUS)
    return bad_answer (error);
  status = ac_ssh_reader_get_u32 (&answer->rest);
  if (answer->rest.is_bad)
    return bad_answer (error);
  if (block->state == BLOCK_READING && status == FX_EOF)
    {
      block->is_last = TRUE;
      transfer->has_end = TRUE;
      return write_block (transfer, block, error);
    }
  if (block->state == BLOCK_WRITING && status == FX_OK)
    {
      block->state = BLOCK_WRITTEN;
      return TRUE;
    }
  block->state = BLOCK_WRITTEN;
  return fail_with_status (status, error);
}

/* Takes the blocks that are done from the beginning of the queue. A block behind the last one must
 * be empty: the file must not have grown meanwhile. */
static gboolean
take_done (Transfer *transfer, gboolean *is_behind, GError **error)
{
  Block *block;

  while ((block = g_queue_peek_head (&transfer->blocks)) != NULL &&
         (block->state == BLOCK_HERE || block->state == BLOCK_WRITTEN))
    {
      if (*is_behind && block->data->len > 0)
        return is_growing (error);
      if (transfer->checksum != NULL)
        g_checksum_update (transfer->checksum, block->data->data, block->data->len);
      *is_behind = *is_behind || block->is_last;
      block_free (g_queue_pop_head (&transfer->blocks));
    }
  return TRUE;
}

static gboolean
run_transfer (Transfer *transfer, GError **error)
{
  g_autoptr (GError) first = NULL;
  gboolean is_behind = FALSE;

  if (!ask_ahead (transfer, error))
    return FALSE;
  while (transfer->blocks.length > 0)
    {
      g_auto (Answer) answer = { 0 };

      if (!receive (transfer->sftp, &answer, error))
        return FALSE;
      if (!take_answer (transfer, &answer, &first) || !take_done (transfer, &is_behind, &first))
        break;
      if (!ask_ahead (transfer, error))
        return FALSE;
    }
  /* What was asked for ahead is still answered, and must be out of the way of the next request. */
  while (first != NULL && ac_device_error_is_of_file (first) && transfer->blocks.length > 0)
    {
      g_auto (Answer) answer = { 0 };
      gboolean waits = FALSE;

      for (GList *link = transfer->blocks.head; link != NULL; link = link->next)
        waits = waits || ((Block *)link->data)->state == BLOCK_READING ||
                ((Block *)link->data)->state == BLOCK_WRITING;
      if (!waits)
        break;
      if (!receive (transfer->sftp, &answer, error))
        return FALSE;
      for (GList *link = transfer->blocks.head; link != NULL; link = link->next)
        if (((Block *)link->data)->id == answer.id)
          ((Block *)link->data)->state = BLOCK_WRITTEN;
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
transfer_all (AcDeviceSftp *self,
              GBytes *from,
              GBytes *to,
              guint64 size,
              GChecksum *checksum,
              GError **error)
{
  Transfer transfer = { .sftp = self, .from = from, .to = to, .size = size, .checksum = checksum };
  gboolean good;

  g_queue_init (&transfer.blocks);
  good = run_transfer (&transfer, error);
  g_queue_clear_full (&transfer.blocks, (GDestroyNotify)block_free);
  return good;
}

/**
 * ac_device_sftp_hash:
 * @size: of what was looked at; of a file that has more nothing more is read
 *
 * Returns: (transfer full): the SHA-256 of what stands at @path, as 64 small hexadecimal digits.
 */
char *
ac_device_sftp_hash (AcDeviceSftp *self, const char *path, guint64 size, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) handle = open_file (self, path, OPEN_READ, error);
  g_autoptr (GError) problem = NULL;

  if (handle == NULL)
    return NULL;
  if (transfer_all (self, handle, NULL, size, checksum, &problem))
    return close_file (self, handle, error) ? g_strdup (g_checksum_get_string (checksum)) : NULL;
  if (ac_device_error_is_of_file (problem))
    close_file (self, handle, NULL);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/**
 * ac_device_sftp_can_sync:
 *
 * Returns: whether the device can say that a file is on its disk.
 */
gboolean
ac_device_sftp_can_sync (AcDeviceSftp *self)
{
  return self->has_fsync;
}

/**
 * ac_device_sftp_copy:
 * @size: of what was looked at; of a file that has more nothing more is read
 * @to: nothing stands there yet; it is readable and writable for its owner only
 * @like: (nullable): whose owner, mode and times it is given. That goes to the file which was made,
 *   whatever stands at @to meanwhile
 *
 * Returns: whether all of it is in @to and on the disk of the device; else a part of it may be
 * there.
 */
gboolean
ac_device_sftp_copy (AcDeviceSftp *self,
                     const char *from,
                     const char *to,
                     guint64 size,
                     const AcDeviceAttributes *like,
                     GError **error)
{
  g_autoptr (GBytes) source = open_file (self, from, OPEN_READ, error);
  g_autoptr (GBytes) target = NULL;
  GError *problem = NULL;
  gboolean good;

  if (source == NULL)
    return FALSE;
  target = open_file (self, to, OPEN_WRITE | OPEN_CREATE | OPEN_EXCLUSIVE, &problem);
  good = target != NULL && transfer_all (self, source, target, size, NULL, &problem) &&
         (like == NULL || dress_file (self, target, like, &problem)) &&
         sync_file (self, target, &problem);
  if (good || ac_device_error_is_of_file (problem))
    {
      good = (target == NULL || close_file (self, target, good ? &problem : NULL)) && good;
      good = close_file (self, source, good ? &problem : NULL) && good;
    }
  if (!good)
    g_propagate_error (error, problem);
  return good;
}
