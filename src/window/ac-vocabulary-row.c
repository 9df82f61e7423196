/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-accessible.h"
#include "window/ac-vocabulary-row.h"

struct _AcVocabularyRow
{
  AdwExpanderRow parent_instance;

  GSettings *settings; /* nullable before it is set up */
  char *key;           /* the words that are off */
  GPtrArray *checks;   /* of GtkCheckButton, not owned; each has its word as its widget name */
  gboolean loading;    /* the checks follow the key, and not the other way round */
};

G_DEFINE_FINAL_TYPE (AcVocabularyRow, ac_vocabulary_row, ADW_TYPE_EXPANDER_ROW)

static void
show_number (AcVocabularyRow *self)
{
  guint n_on = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (g_ptr_array_index (self->checks, i)))
      n_on++;
  if (n_on == self->checks->len)
    text = g_strdup (_ ("All"));
  else if (n_on == 0)
    text = g_strdup (_ ("None"));
  else
    /* Translators: how many of how many are chosen */
    text = g_strdup_printf (_ ("%1$u of %2$u"), n_on, self->checks->len);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

static void
load (AcVocabularyRow *self)
{
  g_auto (GStrv) off = g_settings_get_strv (self->settings, self->key);

  self->loading = TRUE;
  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkWidget *check = g_ptr_array_index (self->checks, i);

      gtk_check_button_set_active (
          GTK_CHECK_BUTTON (check),
          !g_strv_contains ((const char *const *)off, gtk_widget_get_name (check)));
    }
  self->loading = FALSE;
  show_number (self);
}

static void
toggled_cb (AcVocabularyRow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) off = NULL;

  if (self->loading)
    return;
  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkWidget *check = g_ptr_array_index (self->checks, i);

      if (!gtk_check_button_get_active (GTK_CHECK_BUTTON (check)))
        g_strv_builder_add (builder, gtk_widget_get_name (check));
    }
  off = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, self->key, (const char *const *)off);
  show_number (self);
}

static void
ac_vocabulary_row_dispose (GObject *object)
{
  AcVocabularyRow *self = AC_VOCABULARY_ROW (object);

  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ac_vocabulary_row_parent_class)->dispose (object);
}

static void
ac_vocabulary_row_finalize (GObject *object)
{
  AcVocabularyRow *self = AC_VOCABULARY_ROW (object);

  g_ptr_array_unref (self->checks);
  g_free (self->key);
  G_OBJECT_CLASS (ac_vocabulary_row_parent_class)->finalize (object);
}

static void
ac_vocabulary_row_class_init (AcVocabularyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_vocabulary_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_vocabulary_row_finalize;
}

static void
ac_vocabulary_row_init (AcVocabularyRow *self)
{
  self->checks = g_ptr_array_new ();
}

static void
add_check (AcVocabularyRow *self, const char *wire, const char *label)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_name (check, wire);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_ptr_array_add (self->checks, check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
}

/**
 * ac_vocabulary_row_set_up:
 * @vocabulary: has a check for each of its words
 * @key: of type "as" in @settings: the words that are not checked
 *
 * Called once.
 */
void
ac_vocabulary_row_set_up (AcVocabularyRow *self,
                          AcVocabulary vocabulary,
                          GSettings *settings,
                          const char *key)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  g_autofree char *signal = NULL;

  g_return_if_fail (AC_IS_VOCABULARY_ROW (self));
  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  ac_accessible_set_label (GTK_WIDGET (self), title);
  ac_accessible_name_parts (GTK_WIDGET (self), title);
  self->settings = g_object_ref (settings);
  self->key = g_strdup (key);
  for (guint value = 1; value < ac_vocabulary_size (vocabulary); value++)
    {
      const char *wire = ac_vocabulary_wire (vocabulary, (int)value);

      add_check (self, wire, ac_vocabulary_label (vocabulary, wire));
    }
  signal = g_strconcat ("changed::", key, NULL);
  g_signal_connect_object (settings, signal, G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  load (self);
}
