/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-vocabulary.h"
#include "window/ac-badge.h"
#include "window/ac-compat.h"
#include "window/ac-icon.h"
#include "window/ac-wording.h"

struct _AcBadge
{
  GtkWidget parent_instance;

  AcIcon *icon;
  GtkInscription *inscription;

  const char *style_class; /* of the icon, static; nullable */
};

G_DEFINE_FINAL_TYPE (AcBadge, ac_badge, GTK_TYPE_WIDGET)

static void
ac_badge_dispose (GObject *object)
{
  AcBadge *self = AC_BADGE (object);

  g_clear_pointer ((GtkWidget **)&self->icon, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **)&self->inscription, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_badge_parent_class)->dispose (object);
}

static void
ac_badge_class_init (AcBadgeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_badge_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "badge");
}

static void
ac_badge_init (AcBadge *self)
{
  /* Without a template, for a list makes some hundreds. */
  self->icon = g_object_new (AC_TYPE_ICON, "margin-end", 6, NULL);
  self->inscription = g_object_new (GTK_TYPE_INSCRIPTION, "hexpand", TRUE, "nat-lines", 1, "valign",
                                    GTK_ALIGN_CENTER, "text-overflow",
                                    GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->icon), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->inscription), GTK_WIDGET (self));
  ac_compat_align_inscription (self->inscription);
}

/**
 * ac_badge_new:
 *
 * Returns: (transfer floating): an empty one.
 */
GtkWidget *
ac_badge_new (void)
{
  return g_object_new (AC_TYPE_BADGE, NULL);
}

/**
 * ac_badge_set_width_chars:
 *
 * Keeps room for so many characters.
 */
void
ac_badge_set_width_chars (AcBadge *self, guint chars)
{
  g_return_if_fail (AC_IS_BADGE (self));

  gtk_inscription_set_min_chars (self->inscription, chars);
  gtk_inscription_set_nat_chars (self->inscription, chars);
}

static void
show (AcBadge *self, const char *text, const char *icon_name, const char *style_class)
{
  gtk_inscription_set_text (self->inscription, text);
  ac_icon_set_name (self->icon, text != NULL ? icon_name : NULL);
  /* A class that comes back has the icon styled again. */
  if (g_strcmp0 (self->style_class, style_class) == 0)
    return;
  if (self->style_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), self->style_class);
  if (style_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), style_class);
  self->style_class = style_class;
}

/**
 * ac_badge_set_status:
 * @status: (nullable): raw; one that this program does not know is shown as it is
 */
void
ac_badge_set_status (AcBadge *self, const char *status)
{
  g_return_if_fail (AC_IS_BADGE (self));

  show (self, ac_vocabulary_label (AC_VOCABULARY_STATUS, status), ac_wording_status_icon (status),
        ac_wording_status_class (status));
}

/**
 * ac_badge_set_verdict:
 * @verdict: (nullable): raw; one that this program does not know is shown as it is
 */
void
ac_badge_set_verdict (AcBadge *self, const char *verdict)
{
  g_return_if_fail (AC_IS_BADGE (self));

  show (self, ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict),
        ac_wording_verdict_icon (verdict), ac_wording_verdict_class (verdict));
}

/**
 * ac_badge_get_text:
 *
 * Returns: (nullable): the word shown.
 */
const char *
ac_badge_get_text (AcBadge *self)
{
  g_return_val_if_fail (AC_IS_BADGE (self), NULL);

  return gtk_inscription_get_text (self->inscription);
}
