/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the database, its connections and its transactions. What is written in them stands in the
 * other ac-store-*.c. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "model/ac-json-text.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* More are opened when more threads read at once, and closed afterwards. */
#define MAX_IDLE_READERS 8

/* How long another one's lock is waited for: two seconds, in microseconds. */
#define LOCK_TRIES 40
#define LOCK_PAUSE 50000

GQuark
ac_store_error_quark (void)
{
  return g_quark_from_static_string ("ac-store-error-quark");
}

G_DEFINE_FINAL_TYPE (AcStore, ac_store, G_TYPE_OBJECT)

static void
ac_store_finalize (GObject *object)
{
  AcStore *self = AC_STORE (object);

  if (self->changed_destroy != NULL)
    self->changed_destroy (self->changed_data);
  g_queue_clear_full (&self->idle_readers, (GDestroyNotify)ac_sql_close);
  g_clear_pointer (&self->checkpointer, ac_checkpointer_free);
  /* The writer last: closing the last connection folds the -wal file into the database. */
  g_clear_pointer (&self->writer, ac_sql_close);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_clear_pointer (&self->secret, g_bytes_unref);
  g_free (self->database_id);
  g_free (self->path);
  g_mutex_clear (&self->writer_lock);
  g_mutex_clear (&self->readers_lock);
  g_mutex_clear (&self->changed_lock);
  G_OBJECT_CLASS (ac_store_parent_class)->finalize (object);
}

static void
ac_store_class_init (AcStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_store_finalize;
}

static void
ac_store_init (AcStore *self)
{
  self->lock_fd = -1;
  self->cursor_lifetime = G_TIME_SPAN_DAY;
  g_mutex_init (&self->writer_lock);
  g_mutex_init (&self->readers_lock);
  g_mutex_init (&self->changed_lock);
  g_queue_init (&self->idle_readers);
}

/* Two services over one file would take each other's work for that of a dead process. The lock is
 * on a file of its own: closing any descriptor of the database would drop SQLite's own locks. It
 * goes with the process, however that ends; but a process that it was just starting holds it too
 * until it has become another program, so it is waited for. */
static gboolean
take_lock (AcStore *self, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);
  int saved_errno;

  self->lock_fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    {
      saved_errno = errno;
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The file %s could not be opened: %s. Check that its folder exists and may be "
                   "written.",
                   path, g_strerror (saved_errno));
      return FALSE;
    }
  for (guint i = 0;; i++)
    {
      if (flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      saved_errno = errno;
      if (saved_errno != EWOULDBLOCK || i == LOCK_TRIES)
        break;
      g_usleep (LOCK_PAUSE);
    }
  if (saved_errno == EWOULDBLOCK)
    g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                 "Another service works on this database. Stop it first, or give this one a "
                 "database of its own.");
  else
    g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                 "The file %s could not be locked: %s", path, g_strerror (saved_errno));
  return FALSE;
}

static char *
make_secret (void)
{
  GString *text = g_string_new (NULL);

  /* Two random UUIDs: 244 bits of the system's random numbers. */
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *uuid = g_uuid_string_random ();

      g_string_append (text, uuid);
    }
  return g_string_free (text, FALSE);
}

static gboolean
make_identity (AcSql *sql, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *secret = make_secret ();

  return ac_sql_run (sql, error, "INSERT OR IGNORE INTO meta VALUES ('databaseId', ?)", "s", id) &&
         ac_sql_run (sql, error, "INSERT OR IGNORE INTO meta VALUES ('secret', ?)", "s", secret);
}

static gboolean
load_identity (AcStore *self, AcSql *sql, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (sql, error,
                                               "SELECT i.value, s.value FROM meta AS i, meta AS s "
                                               "WHERE i.name = 'databaseId' AND s.name = 'secret'",
                                               "");

  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      self->database_id = g_strdup (ac_sql_text (query, 0));
      self->secret = g_bytes_new (ac_sql_text (query, 1), strlen (ac_sql_text (query, 1)));
      return TRUE;
    case AC_SQL_DONE:
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                           "The database has no identity: it is not one of this service, or it is "
                           "damaged. Bring the file back from a backup.");
      return FALSE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

/**
 * ac_store_open:
 * @path: the file; its folder must exist
 *
 * Returns: (transfer full): the store, or %NULL with AC_STORE_ERROR_FAILED.
 */
AcStore *
ac_store_open (const char *path, GError **error)
{
  g_autoptr (AcStore) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (AC_TYPE_STORE, NULL);
  self->path = g_strdup (path);
  if (!take_lock (self, error))
    return NULL;
  self->writer = ac_store_open_sql (path, AC_SQL_CREATE, error);
  if (self->writer == NULL || !ac_store_migrate (self->writer, ac_store_n_migrations (), error) ||
      !make_identity (self->writer, error) || !load_identity (self, self->writer, error))
    return NULL;
  self->checkpointer = ac_checkpointer_new (self->writer, path, ac_store_report);
  return g_steal_pointer (&self);
}

/**
 * ac_store_open_read_only:
 * @path: the file of a service that may be running
 *
 * Returns: (transfer full): a store that only answers, or %NULL with AC_STORE_ERROR_FAILED.
 */
AcStore *
ac_store_open_read_only (const char *path, GError **error)
{
  g_autoptr (AcStore) self = NULL;
  AcSql *sql;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (AC_TYPE_STORE, NULL);
  self->path = g_strdup (path);
  sql = ac_store_open_sql (path, AC_SQL_READ_ONLY, error);
  if (sql == NULL)
    return NULL;
  g_queue_push_head (&self->idle_readers, sql);
  if (!ac_store_check_version (sql, error) || !load_identity (self, sql, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ac_store_get_database_id:
 *
 * Returns: the random id that this database got when it was made.
 */
const char *
ac_store_get_database_id (AcStore *self)
{
  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  return self->database_id;
}

/**
 * ac_store_set_grace:
 * @grace: microseconds for which an approval can be taken back before anything is done
 *
 * To be called before the store is used.
 */
void
ac_store_set_grace (AcStore *self, gint64 grace)
{
  g_return_if_fail (AC_IS_STORE (self));
  g_return_if_fail (grace >= 0);

  self->grace = grace;
}

/**
 * ac_store_set_clusters:
 * @look_interval: microseconds between two looks at the messages of a cluster; 0: none by itself
 * @confirm_messages: how many messages an approval may be about unconfirmed; 0: any number
 *
 * To be called before the store is used.
 */
void
ac_store_set_clusters (AcStore *self, gint64 look_interval, guint confirm_messages)
{
  g_return_if_fail (AC_IS_STORE (self));
  g_return_if_fail (look_interval >= 0);

  self->look_interval = look_interval;
  self->confirm_messages = confirm_messages;
}

/**
 * ac_store_get_look_interval:
 *
 * Returns: microseconds; 0: none by itself.
 */
gint64
ac_store_get_look_interval (AcStore *self)
{
  g_return_val_if_fail (AC_IS_STORE (self), 0);

  return self->look_interval;
}

/**
 * ac_store_set_cursor_lifetime:
 * @lifetime: microseconds
 *
 * To be called before other threads use the store.
 */
void
ac_store_set_cursor_lifetime (AcStore *self, gint64 lifetime)
{
  g_return_if_fail (AC_IS_STORE (self));

  self->cursor_lifetime = lifetime;
}

/**
 * ac_store_set_changed_func:
 * @func: (nullable): called in the thread that committed
 *
 * After this has returned, the earlier function is not running and is not called again.
 */
void
ac_store_set_changed_func (AcStore *self,
                           AcStoreChangedFunc func,
                           gpointer user_data,
                           GDestroyNotify destroy)
{
  GDestroyNotify old_destroy;
  gpointer old_data;

  g_return_if_fail (AC_IS_STORE (self));

  g_mutex_lock (&self->changed_lock);
  old_destroy = self->changed_destroy;
  old_data = self->changed_data;
  self->changed_func = func;
  self->changed_data = user_data;
  self->changed_destroy = destroy;
  g_mutex_unlock (&self->changed_lock);
  if (old_destroy != NULL)
    old_destroy (old_data);
}

static void
report_change (AcStore *self)
{
  g_mutex_lock (&self->changed_lock);
  if (self->changed_func != NULL)
    self->changed_func (self, self->changed_data);
  g_mutex_unlock (&self->changed_lock);
}

/**
 * ac_store_begin_read:
 *
 * Returns: (transfer none): a connection of this thread's own on which all queries see the same
 * state, until ac_store_end_read(); or %NULL.
 */
AcSql *
ac_store_begin_read (AcStore *self, GError **error)
{
  AcSql *sql;

  g_mutex_lock (&self->readers_lock);
  sql = g_queue_pop_head (&self->idle_readers);
  g_mutex_unlock (&self->readers_lock);
  if (sql == NULL)
    sql = ac_store_open_sql (self->path, AC_SQL_READ_ONLY, error);
  if (sql == NULL)
    return NULL;
  if (!ac_sql_run (sql, error, "BEGIN", ""))
    {
      ac_sql_close (sql);
      return NULL;
    }
  return sql;
}

void
ac_store_end_read (AcStore *self, AcSql *sql)
{
  if (sql == NULL)
    return;
  if (ac_sql_in_transaction (sql) && !ac_sql_run (sql, NULL, "COMMIT", ""))
    {
      ac_sql_close (sql);
      return;
    }
  g_mutex_lock (&self->readers_lock);
  if (g_queue_get_length (&self->idle_readers) < MAX_IDLE_READERS)
    g_queue_push_head (&self->idle_readers, g_steal_pointer (&sql));
  g_mutex_unlock (&self->readers_lock);
  ac_sql_close (sql);
}

/**
 * ac_store_begin_write:
 * @write: (out caller-allocates): declared as g_auto (AcWrite) and set to { 0 }
 * @actor: who asks; must outlive @write
 *
 * Waits until this thread is the one that writes.
 *
 * Returns: whether the transaction is begun.
 */
gboolean
ac_store_begin_write (AcStore *self, AcWrite *write, const AcActor *actor, GError **error)
{
  if (self->writer == NULL)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                           "The database was opened for reading only. Nothing was changed.");
      return FALSE;
    }
  g_mutex_lock (&self->writer_lock);
  if (!ac_sql_run (self->writer, error, "BEGIN IMMEDIATE", ""))
    {
      g_mutex_unlock (&self->writer_lock);
      return FALSE;
    }
  write->store = self;
  write->sql = self->writer;
  write->actor = actor;
  write->now = ac_time_now ();
  return TRUE;
}

static void
end_write (AcWrite *write)
{
  AcStore *store = write->store;

  g_clear_pointer (&write->counts, g_hash_table_unref);
  g_clear_pointer (&write->investigations, g_hash_table_unref);
  g_clear_pointer (&write->operations, g_hash_table_unref);
  g_clear_pointer (&write->checksum, g_checksum_free);
  write->sql = NULL;
  g_mutex_unlock (&store->writer_lock);
}

/**
 * ac_write_commit:
 *
 * Returns: %TRUE when everything is on disk; %FALSE when nothing is.
 */
gboolean
ac_write_commit (AcWrite *write, GError **error)
{
  AcStore *store = write->store;
  gboolean changed;

  g_assert (write->sql != NULL);

  if (!ac_write_sums (write, error) || !ac_write_audit_head (write, error) ||
      !ac_sql_run (write->sql, error, "COMMIT", ""))
    {
      ac_write_clear (write);
      return FALSE;
    }
  changed = write->changed;
  end_write (write);
  if (changed)
    report_change (store);
  return TRUE;
}

void
ac_write_clear (AcWrite *write)
{
  if (write->sql == NULL)
    return;
  /* After some errors (a full disk) SQLite has rolled back by itself. */
  if (ac_sql_in_transaction (write->sql) && !ac_sql_run (write->sql, NULL, "ROLLBACK", ""))
    g_warning ("A transaction could not be rolled back");
  end_write (write);
}

/* A member that stands in its column as JSON text. What the store wrote it can read. */
void
ac_store_set_json (JsonObject *object, const char *name, const char *text)
{
  g_autoptr (GBytes) bytes = NULL;
  JsonNode *node;

  if (text == NULL)
    return;
  bytes = g_bytes_new_static (text, strlen (text));
  node = ac_json_parse (bytes, NULL);
  if (node != NULL)
    json_object_set_member (object, name, node);
}

char *
ac_store_json_text (JsonNode *node)
{
  g_autoptr (GBytes) bytes = ac_json_to_bytes (node);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/**
 * ac_store_json_words:
 * @words: (nullable):
 *
 * Returns: (transfer full) (nullable): the words as a JSON array; %NULL where there are none, which
 * means all.
 */
char *
ac_store_json_words (const GStrv words)
{
  g_autoptr (GString) text = NULL;

  if (words == NULL || words[0] == NULL)
    return NULL;
  text = g_string_new ("[");
  for (char **word = words; *word != NULL; word++)
    ac_json_text_add_element (text, *word);
  ac_json_text_close (text, ']');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_store_parse_object:
 *
 * Returns: (transfer full): what a column holds, or %NULL with an error.
 */
JsonObject *
ac_store_parse_object (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (JsonNode) node = ac_json_parse (bytes, error);
  JsonObject *object = node != NULL ? ac_json_root_object (node, error) : NULL;

  return object != NULL ? json_object_ref (object) : NULL;
}
