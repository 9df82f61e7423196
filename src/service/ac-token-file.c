/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/ac-token-file.h"

#define TOKEN_PREFIX "ac_"
#define TOKEN_BYTES 32
#define HASH_LENGTH 64 /* a SHA-256 in hexadecimal */
#define MAX_NAME_LENGTH 64
#define MAX_FILE_SIZE (4 << 20)

/* The format: a group per name with the keys "role" and "sha256". */

typedef struct
{
  char *name;
  AcRole role;
  char hash[HASH_LENGTH + 1];
} Token;

struct _AcTokenFile
{
  GObject parent_instance;

  char *path;

  GMutex lock;       /* guards what follows */
  GPtrArray *tokens; /* of Token */
  struct stat seen;  /* of the file as it was read last; all zero: there was none */
  char *trouble;     /* nullable: the complaint that has been logged */
  guint64 version;   /* how often it was read */
};

G_DEFINE_FINAL_TYPE (AcTokenFile, ac_token_file, G_TYPE_OBJECT)
G_DEFINE_QUARK (ac - token - file - error - quark, ac_token_file_error)

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->name);
  g_free (token);
}

static void
ac_token_file_finalize (GObject *object)
{
  AcTokenFile *self = AC_TOKEN_FILE (object);

  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->tokens, g_ptr_array_unref);
  g_free (self->path);
  g_free (self->trouble);
  G_OBJECT_CLASS (ac_token_file_parent_class)->finalize (object);
}

static void
ac_token_file_class_init (AcTokenFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_token_file_finalize;
}

static void
ac_token_file_init (AcTokenFile *self)
{
  g_mutex_init (&self->lock);
  self->tokens = g_ptr_array_new_with_free_func (token_free);
}

/**
 * ac_token_file_new:
 * @path: where the file is or will be
 *
 * Returns: (transfer full): the file, not read yet.
 */
AcTokenFile *
ac_token_file_new (const char *path)
{
  AcTokenFile *self = g_object_new (AC_TYPE_TOKEN_FILE, NULL);

  self->path = g_strdup (path);
  return self;
}

/* A name stands in the audit log, in headers of mail and on the command line: letters, digits and a
 * few marks, beginning with a letter or digit. */
static gboolean
check_name (const char *name, GError **error)
{
  gsize length = strlen (name);
  gboolean good = length > 0 && length <= MAX_NAME_LENGTH && g_ascii_isalnum (name[0]);

  for (gsize i = 0; good && i < length; i++)
    good = g_ascii_isalnum (name[i]) || strchr ("._@+-", name[i]) != NULL;
  if (!good)
    g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_INVALID,
                 "“%s” cannot be the name of a token: use 1 to %d letters, digits and . _ @ + -, "
                 "beginning with a letter or digit",
                 name, MAX_NAME_LENGTH);
  return good;
}

static gboolean
is_hash (const char *text)
{
  return text != NULL && strlen (text) == HASH_LENGTH &&
         strspn (text, "0123456789abcdef") == HASH_LENGTH;
}

static gboolean
parse (AcTokenFile *self, const char *text, gsize length, GPtrArray *tokens, GError **error)
{
  g_autoptr (GKeyFile) key_file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  g_auto (GStrv) names = NULL;

  if (!g_key_file_load_from_data (key_file, text, length, G_KEY_FILE_NONE, &local_error))
    {
      g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_INVALID,
                   "%s is not a file of tokens: %s", self->path, local_error->message);
      return FALSE;
    }
  names = g_key_file_get_groups (key_file, NULL);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *role = g_key_file_get_string (key_file, *name, "role", NULL);
      g_autofree char *hash = g_key_file_get_string (key_file, *name, "sha256", NULL);
      Token *token;

      if (!check_name (*name, error))
        {
          g_prefix_error (error, "%s: ", self->path);
          return FALSE;
        }
      if (ac_role_parse (role) == AC_ROLE_UNKNOWN || !is_hash (hash))
        {
          g_autofree char *roles = ac_vocabulary_list (AC_VOCABULARY_ROLE);

          g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_INVALID,
                       "%s: the token “%s” needs a role (one of %s) and a SHA-256", self->path,
                       *name, roles);
          return FALSE;
        }
      token = g_new0 (Token, 1);
      token->name = g_strdup (*name);
      token->role = ac_role_parse (role);
      memcpy (token->hash, hash, HASH_LENGTH);
      g_ptr_array_add (tokens, token);
    }
  return TRUE;
}

static gboolean
read_all (int fd, goffset size, GString *text)
{
  while (text->len < (gsize)size)
    {
      char block[4096];
      gssize n = read (fd, block, sizeof block);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      g_string_append_len (text, block, n);
    }
  return TRUE;
}

/* Reads the file; must be called with the lock. A file that is not there holds no tokens. */
static gboolean
load_locked (AcTokenFile *self, GError **error)
{
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (token_free);
  g_autoptr (GString) text = g_string_new (NULL);
  struct stat st = { 0 };
  gboolean read_well;
  int fd;

  fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT)
    {
      g_ptr_array_set_size (self->tokens, 0);
      self->seen = st;
      return TRUE;
    }
  if (fd < 0 || fstat (fd, &st) != 0)
    {
      g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_FAILED,
                   "Could not open the file of tokens %s: %s", self->path, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  if (!S_ISREG (st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    {
      close (fd);
      g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_INSECURE,
                   "The file of tokens %s must be a plain file that only its owner may read; run "
                   "“chmod 600 %s”",
                   self->path, self->path);
      return FALSE;
    }
  read_well = st.st_size <= MAX_FILE_SIZE && read_all (fd, st.st_size, text);
  close (fd);
  if (!read_well)
    {
      g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_FAILED,
                   "Could not read the file of tokens %s", self->path);
      return FALSE;
    }
  if (!parse (self, text->str, text->len, tokens, error))
    return FALSE;
  g_ptr_array_unref (self->tokens);
  self->tokens = g_steal_pointer (&tokens);
  self->seen = st;
  return TRUE;
}

static gboolean
same_file (const struct stat *a, const struct stat *b)
{
  return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
         a->st_mode == b->st_mode && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
         a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Reads the file again when it has changed. When that fails no token is good: a file that cannot be
 * read may have had tokens revoked. */
static void
refresh_locked (AcTokenFile *self)
{
  g_autoptr (GError) error = NULL;
  struct stat st = { 0 };

  if (stat (self->path, &st) != 0)
    memset (&st, 0, sizeof st);
  if (same_file (&st, &self->seen) && self->trouble == NULL)
    return;
  self->version++;
  if (load_locked (self, &error))
    {
      g_clear_pointer (&self->trouble, g_free);
      return;
    }
  g_ptr_array_set_size (self->tokens, 0);
  if (g_strcmp0 (self->trouble, error->message) != 0)
    g_warning ("No token is accepted: %s", error->message);
  g_free (self->trouble);
  self->trouble = g_strdup (error->message);
}

/**
 * ac_token_file_load:
 *
 * Returns: whether the file could be read and is fit for use; a missing file is, and holds no
 * tokens.
 */
gboolean
ac_token_file_load (AcTokenFile *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return load_locked (self, error);
}

static gboolean
write_all (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      length -= (gsize)n;
    }
  return TRUE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return done;
}

/* Writes a new file beside the old one and renames it over: a reader sees the one or the other. */
static gboolean
save_locked (AcTokenFile *self, GError **error)
{
  g_autoptr (GString) text = g_string_new ("# Tokens of action-centerd. Do not edit: use "
                                           "“action-centerd token add|revoke”.\n");
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", self->path);
  gboolean written;
  int trouble;
  int fd;

  for (guint i = 0; i < self->tokens->len; i++)
    {
      const Token *token = self->tokens->pdata[i];

      g_string_append_printf (text, "\n[%s]\nrole=%s\nsha256=%s\n", token->name,
                              ac_role_wire (token->role), token->hash);
    }

  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  written = fd >= 0 && write_all (fd, text->str, text->len) && fsync (fd) == 0;
  trouble = errno;
  if (fd >= 0 && close (fd) != 0 && written)
    {
      trouble = errno;
      written = FALSE;
    }
  if (written && (g_rename (temporary, self->path) != 0 || !sync_folder (self->path)))
    {
      trouble = errno;
      written = FALSE;
    }
  if (!written)
    {
      g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_FAILED,
                   "Could not write the file of tokens %s: %s", self->path, g_strerror (trouble));
      if (fd >= 0)
        g_unlink (temporary);
    }
  return written;
}

static Token *
find_locked (AcTokenFile *self, const char *name, guint *index)
{
  for (guint i = 0; i < self->tokens->len; i++)
    {
      Token *token = self->tokens->pdata[i];

      if (strcmp (token->name, name) == 0)
        {
          *index = i;
          return token;
        }
    }
  return NULL;
}

/* Two administrators who change the file at once wait for each other. Returns a descriptor to
 * close, or -1 with an error. */
static int
take_file_lock (AcTokenFile *self, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  int result = -1;

  if (fd >= 0)
    do
      result = flock (fd, LOCK_EX);
    while (result != 0 && errno == EINTR);
  if (result == 0)
    return fd;
  g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_FAILED, "Could not lock %s: %s",
               path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static char *
make_token (GError **error)
{
  guchar bytes[TOKEN_BYTES];
  gsize filled = 0;
  GString *token;

  while (filled < sizeof bytes)
    {
      gssize n = getrandom (bytes + filled, sizeof bytes - filled, 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_FAILED,
                       "The system gave no random bytes: %s", g_strerror (errno));
          return NULL;
        }
      filled += (gsize)n;
    }
  token = g_string_new (TOKEN_PREFIX);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (token, "%02x", bytes[i]);
  explicit_bzero (bytes, sizeof bytes);
  return g_string_free (token, FALSE);
}

/**
 * ac_token_file_add:
 * @name: whom the token is for
 *
 * Returns: (transfer full): the new token, which is kept nowhere else.
 */
char *
ac_token_file_add (AcTokenFile *self, const char *name, AcRole role, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *plain = NULL;
  g_autofree char *hash = NULL;
  gboolean done = FALSE;
  Token *token;
  guint index;
  int lock_fd;

  g_return_val_if_fail (role != AC_ROLE_UNKNOWN, NULL);

  if (!check_name (name, error))
    return NULL;
  lock_fd = take_file_lock (self, error);
  if (lock_fd < 0)
    return NULL;
  if (!load_locked (self, error))
    goto out;
  if (find_locked (self, name, &index) != NULL)
    {
      g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_EXISTS,
                   "There is a token named “%s” already; revoke it first", name);
      goto out;
    }
  plain = make_token (error);
  if (plain == NULL)
    goto out;
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, plain, -1);
  token = g_new0 (Token, 1);
  token->name = g_strdup (name);
  token->role = role;
  memcpy (token->hash, hash, HASH_LENGTH);
  g_ptr_array_add (self->tokens, token);
  done = save_locked (self, error);

out:
  close (lock_fd);
  return done ? g_steal_pointer (&plain) : NULL;
}

/**
 * ac_token_file_revoke:
 *
 * Returns: whether there was a token of this name and it is gone from the disk.
 */
gboolean
ac_token_file_revoke (AcTokenFile *self, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gboolean done = FALSE;
  guint index;
  int lock_fd = take_file_lock (self, error);

  if (lock_fd < 0)
    return FALSE;
  if (load_locked (self, error))
    {
      if (find_locked (self, name, &index) != NULL)
        {
          g_ptr_array_remove_index (self->tokens, index);
          done = save_locked (self, error);
        }
      else
        g_set_error (error, AC_TOKEN_FILE_ERROR, AC_TOKEN_FILE_ERROR_NOT_FOUND,
                     "There is no token named “%s”", name);
    }
  close (lock_fd);
  return done;
}

/**
 * ac_token_file_list:
 *
 * Returns: (transfer full): "NAME ROLE" of each token, in the order they were made.
 */
GStrv
ac_token_file_list (AcTokenFile *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (!load_locked (self, error))
    return NULL;
  for (guint i = 0; i < self->tokens->len; i++)
    {
      const Token *token = self->tokens->pdata[i];
      g_autofree char *line = g_strdup_printf ("%s %s", token->name, ac_role_wire (token->role));

      g_strv_builder_add (builder, line);
    }
  return g_strv_builder_end (builder);
}

/**
 * ac_token_file_get_version:
 *
 * Returns: a number that is another one after each change of the file.
 */
guint64
ac_token_file_get_version (AcTokenFile *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  refresh_locked (self);
  return self->version;
}

/* How long it takes does not tell how much was alike. */
static gboolean
hashes_equal (const char *a, const char *b)
{
  volatile guchar difference = 0;

  for (gsize i = 0; i < HASH_LENGTH; i++)
    difference |= (guchar)(a[i] ^ b[i]);
  return difference == 0;
}

/**
 * ac_token_file_check:
 * @token: what a client has shown
 * @name: (out) (transfer full): whose it is
 *
 * A change of the file is seen at once.
 *
 * Returns: whether it is a token of this file.
 */
gboolean
ac_token_file_check (AcTokenFile *self, const char *token, char **name, AcRole *role)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
  const Token *found = NULL;

  refresh_locked (self);
  for (guint i = 0; i < self->tokens->len; i++)
    {
      const Token *candidate = self->tokens->pdata[i];

      if (hashes_equal (candidate->hash, hash))
        found = candidate;
    }
  if (found == NULL)
    return FALSE;
  *name = g_strdup (found->name);
  *role = found->role;
  return TRUE;
}
